"""Blind rating at the terminal, one key a rating."""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from evals.rating import Sheet

KEYS = "1-5 rate, b back, s skip, q quit"
_END = b"\x04"
_ESCAPE = b"\x1b"


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """Waits for one key. The terminal stays in this mode throughout, so that no key pressed meanwhile is lost."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        import click

        yield click.getchar
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSANOW)
    try:
        yield lambda: _key(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _key(terminal: int) -> str:
    pressed = os.read(terminal, 1)
    if pressed in (b"", _END):
        raise EOFError
    if pressed == _ESCAPE:
        while select.select([terminal], [], [], 0)[0]:
            os.read(terminal, 1)
        return ""
    return pressed.decode(errors="replace")


def rate_all(sheet: Sheet, console: Console, key: Callable[[], str]) -> None:
    """Until all is rated or the rater quits. `key` waits for a key; its EOFError or Ctrl-C is a wish to quit."""
    place = sheet.next_open()
    while place is not None:
        task = sheet.tasks[place]
        _show(sheet, place, console)
        try:
            pressed = key().casefold()
        except (EOFError, KeyboardInterrupt):
            return
        if pressed == "q":
            return
        if pressed == "b":
            place = max(0, place - 1)
        elif pressed == "s":
            place = sheet.next_open(place + 1)
        elif pressed in map(str, task.anchors):
            sheet.rate(task, int(pressed))
            place = sheet.next_open(place + 1)


def _show(sheet: Sheet, place: int, console: Console) -> None:
    task = sheet.tasks[place]
    before = sheet.score(task)
    if console.is_terminal:
        console.clear()
    console.print(Rule(Text(f"{sheet.done} of {len(sheet.tasks)} rated")))
    console.print(Text(task.item.question, style="bold"), "", Text(task.item.answer), "")
    console.print(Text(task.title, style="bold"))
    for level, anchor in sorted(task.anchors.items()):
        console.print(Text(f"  {level}  {anchor}"))
    given = f" (you gave {before})" if before is not None else ""
    console.print(Text(f"{KEYS}{given}: ", style="dim"), end="")
