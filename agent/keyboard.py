"""An interview at the keyboard: what is typed goes in, what the interviewer says is printed."""

import asyncio
import contextlib
import secrets
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from agent.typed_pad import TypedPad
from graphs.interview import Interview
from graphs.models import Utterance, UtteranceKind, View

PASTE_S = 0.05
"""Lines that follow one another faster than this at a terminal were pasted together and are one turn."""
_QUIET: frozenset[UtteranceKind] = frozenset(["acknowledgement", "time", "pause", "nudge"])


class Keyboard:
    """Turns read from a stream, one a line. The end of the stream, or Ctrl-C, means that the candidate leaves."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdin
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self.left = asyncio.Event()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read in a thread of its own, which a blocked read cannot keep the program from ending."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
            loop.add_signal_handler(signal.SIGINT, self.left.set)
        try:
            yield
        finally:
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.remove_signal_handler(signal.SIGINT)

    async def turn(self) -> str | None:
        """What was typed next; None where the candidate has left."""
        text = await self._line()
        while text is not None and text.endswith("\\"):
            more = await self._line()
            text = f"{text[:-1].rstrip()} {more or ''}"
        while text is not None and self._stream.isatty():
            try:
                more = await asyncio.wait_for(self._line(), PASTE_S)
            except TimeoutError:
                break
            text = text if more is None else f"{text}\n{more}"
        return text

    async def _line(self) -> str | None:
        line = asyncio.ensure_future(self._lines.get())
        left = asyncio.ensure_future(self.left.wait())
        try:
            await asyncio.wait([line, left], return_when=asyncio.FIRST_COMPLETED)
            return line.result() if line.done() and not self.left.is_set() else None
        finally:
            line.cancel()
            left.cancel()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        while line := self._stream.readline():
            if not _posted(loop, self._lines, line.rstrip("\n")):
                return
        _posted(loop, self._lines, None)


async def converse(
    interview: Interview,
    keyboard: Keyboard,
    console: Console,
    *,
    viewed: Callable[[View], object] = lambda view: None,
    pad: TypedPad | None = None,
) -> View:
    """One sitting, until the interview ends or the candidate leaves. `viewed` is shown where it stands at each turn."""
    with keyboard.reading():
        await _print(interview.begin(), keyboard, console)
        while True:
            view = await interview.view()
            viewed(view)
            if view.finished or view.stopped or keyboard.left.is_set():
                break
            if pad is not None:
                pad.present(view)
            console.print(Text("> ", style="bold green"), end="")
            text = await keyboard.turn()
            if text is None:
                break
            if pad is not None and await pad.take(text, view):
                continue
            with console.status("..."):
                replies = interview.hear(text, turn=f"k{secrets.token_hex(6)}")
                await _print(replies, keyboard, console)
    await interview.settle()
    console.print()
    return await interview.view()


async def _print(utterances: AsyncIterator[Utterance], keyboard: Keyboard, console: Console) -> None:
    """Print what is said. A candidate who leaves meanwhile is not kept; the reply is stored all the same."""

    async def all_of_it() -> None:
        async for utterance in utterances:
            if utterance.kind == "greeting":
                console.print(Rule(style="dim"))
            style = "dim" if utterance.kind in _QUIET else ""
            console.print(Text(utterance.text, style=style))

    printing = asyncio.ensure_future(all_of_it())
    left = asyncio.ensure_future(keyboard.left.wait())
    await asyncio.wait([printing, left], return_when=asyncio.FIRST_COMPLETED)
    left.cancel()
    if printing.done():
        printing.result()
    else:
        printing.cancel()


def _posted(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str | None]", line: str | None) -> bool:
    """Hand a line over to the loop; False where the loop has ended meanwhile."""
    try:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    except RuntimeError:
        return False
    return True
