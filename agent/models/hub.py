"""The second source of a file: its plain address. A broken or interrupted download goes on where it stopped."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import ModelsError

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 30.0
_ATTEMPTS = 3


def fetch_url(
    url: str, part: Path, *, size: int, advance: Callable[[int], None], stop: threading.Event
) -> None:
    """Fills `part` up to `size` bytes, keeping what it already has. Raises ModelsError; checks no sum."""
    import httpx

    if part.exists() and part.stat().st_size > size:
        part.unlink()
    advance(part.stat().st_size if part.exists() else 0)
    fault = "it ended too early"
    with httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True) as client:
        for _ in range(_ATTEMPTS):
            try:
                _continue_download(client, url, part, size=size, advance=advance, stop=stop)
            except httpx.HTTPStatusError as error:
                raise ModelsError(f"{url} answered {error.response.status_code}") from error
            except httpx.TransportError as error:
                fault = str(error) or type(error).__name__
            if part.exists() and part.stat().st_size == size:
                return
    raise ModelsError(f"cannot fetch {url}: {fault}; what has arrived is kept, pull again to go on")


def _continue_download(
    client: "httpx.Client",
    url: str,
    part: Path,
    *,
    size: int,
    advance: Callable[[int], None],
    stop: threading.Event,
) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have == size:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", url, headers=headers) as answer:
        answer.raise_for_status()
        if answer.status_code != 206 and have:
            advance(-have)
            have = 0
        with part.open("ab" if have else "wb") as file:
            for chunk in answer.iter_raw():
                if stop.is_set():
                    raise ModelsError(f"stopped before {part.stem} was complete")
                file.write(chunk[: size - have])
                advance(len(chunk))
                have += len(chunk)
                if have >= size:
                    return
