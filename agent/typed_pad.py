"""The code pad at the keyboard: the problem is printed, and `/code FILE` shows the interviewer a file of yours."""

import asyncio
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from agent.code_runs import CodeRuns
from graphs.board import MOST_CODE_CHARACTERS, Run, Shown
from graphs.models import View
from rubrics.errors import SandboxError

COMMAND = "/code"
HINT = (
    f"Write it in a file of your own; {COMMAND} FILE shows it to the interviewer and runs the visible tests."
)


class Shows(Protocol):
    """What the pad needs of `graphs.interview.Interview`."""

    async def show(self, shown: Shown) -> bool: ...


class TypedPad:
    def __init__(self, interview: Shows, runs: CodeRuns, console: Console) -> None:
        self._interview, self._runs, self._console = interview, runs, console
        self._printed: str | None = None

    def present(self, view: View) -> None:
        """Print the problem under way, once."""
        if view.problem is None or view.question == self._printed:
            return
        self._printed = view.question
        text = Text(f"{view.problem.statement}\n\n{view.problem.starter}")
        self._console.print(Panel(text, title=view.problem.title, subtitle=HINT))

    async def take(self, typed: str, view: View) -> bool:
        """Whether what was typed is for the pad; if so, it has been seen to."""
        command, _, name = typed.strip().partition(" ")
        if command != COMMAND:
            return False
        if view.pad != "code" or view.question is None:
            self._say("There is no code to be written for this question.")
            return True
        try:
            code = await asyncio.to_thread(_read, name.strip())
        except (OSError, UnicodeError, ValueError) as error:
            self._say(f"{name.strip() or '(no file)'}: {getattr(error, 'strerror', None) or error}")
            return True
        await self._run(view.question, code)
        return True

    async def _run(self, question: str, code: str) -> None:
        await self._interview.show(Shown(question=question, code=code))
        try:
            with self._console.status("running the tests"):
                run = await self._runs.visible(question, code)
        except SandboxError as error:
            self._say(str(error))
            return
        await self._interview.show(Shown(question=question, run=run))
        self._print(run)

    def _print(self, run: Run) -> None:
        for test in run.tests:
            style = "green" if test.status == "passed" else "red"
            self._console.print(Text(f"{test.status:>9}  {test.name}", style=style))
            if test.message:
                self._console.print(Text(f"{'':11}{test.message.splitlines()[0]}", style="dim"))

    def _say(self, text: str) -> None:
        self._console.print(Text(text, style="yellow"))


def _read(name: str) -> str:
    path = Path(name).expanduser()
    if path.stat().st_size > MOST_CODE_CHARACTERS:
        raise ValueError(f"more than {MOST_CODE_CHARACTERS} characters")
    return path.read_text(encoding="utf-8")
