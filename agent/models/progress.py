"""How long work on bytes is shown: a bar at a terminal, a line now and then elsewhere, or nothing."""

import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """Called from several threads at once."""

    def begin(self, label: str, total_bytes: int) -> None:
        """A new stage of work starts and the last one, if any, is over."""

    def advance(self, size: int) -> None:
        """So many bytes more are done; negative where work has to be done again."""

    def note(self, message: str) -> None:
        """Something the user should know while the work goes on."""


class NoProgress:
    def begin(self, label: str, total_bytes: int) -> None: ...
    def advance(self, size: int) -> None: ...
    def note(self, message: str) -> None: ...


class BarProgress:
    """A bar with bytes, speed and time left, on a terminal."""

    def __init__(self, console: Console) -> None:
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, label: str, total_bytes: int) -> None:
        self._task = self._bar.add_task(label, total=total_bytes)

    def advance(self, size: int) -> None:
        if self._task is not None:
            self._bar.advance(self._task, size)

    def note(self, message: str) -> None:
        self._bar.console.print(message, highlight=False, markup=False)


class LineProgress:
    """A plain line every few seconds, for logs and pipes."""

    def __init__(self, console: Console, *, every_s: float = 5.0) -> None:
        self._console = console
        self._every_s = every_s
        self._label = ""
        self._total = self._done = 0
        self._began_at = self._shown_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, label: str, total_bytes: int) -> None:
        self._label, self._total, self._done = label, total_bytes, 0
        self._began_at = self._shown_at = time.monotonic()
        self.note(f"{label}: {decimal(total_bytes)}")

    def advance(self, size: int) -> None:
        self._done += size
        now = time.monotonic()
        if now - self._shown_at < self._every_s or self._done <= 0:
            return
        self._shown_at = now
        speed = self._done / (now - self._began_at)
        left_s = round((self._total - self._done) / speed)
        self.note(
            f"{self._label}: {decimal(self._done)} of {decimal(self._total)}, {decimal(round(speed))}/s, "
            f"{left_s} s left"
        )

    def note(self, message: str) -> None:
        self._console.print(message, highlight=False, markup=False)


def progress_on(console: Console) -> BarProgress | LineProgress:
    return BarProgress(console) if console.is_terminal else LineProgress(console)
