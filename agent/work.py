"""How long work on countable things is shown: a bar at a terminal, a line now and then elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SILENT_STEPS = 10
"""Away from a terminal, about so many lines are printed for the whole of the work."""


class Bar:
    """Nothing appears before the first call of `show`: work that is already done stays quiet."""

    def __init__(self, console: Console, label: str, unit: str) -> None:
        self._console, self._label, self._unit = console, label, unit
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeRemainingColumn(),
            console=console,
        )
        self._task: TaskID | None = None
        self._printed = -1

    def show(self, done: int, total: int) -> None:
        if not self._console.is_terminal:
            self._print(done, total)
            return
        if self._task is None:
            self._task = self._bar.add_task(self._label, total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total)

    def note(self, message: str) -> None:
        self._console.print(message, highlight=False, markup=False)

    def stop(self) -> None:
        self._bar.stop()

    def _print(self, done: int, total: int) -> None:
        step = done * SILENT_STEPS // max(1, total)
        if step > self._printed:
            self._printed = step
            self.note(f"{self._label}: {done} of {total} {self._unit}")


@contextmanager
def bar_on(console: Console, label: str, unit: str) -> Iterator[Bar]:
    bar = Bar(console, label, unit)
    try:
        yield bar
    finally:
        bar.stop()
