"""The pads of one sitting: keeps what a page writes and draws, runs its tests, and tells the page what it may do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from agent.code_runs import CodeRuns
from agent.room.house import House
from agent.room.messages import Kept, PadNote, Ran, RunTests, ToPage, Tried, Write
from graphs.board import Run, Shown
from graphs.errors import GraphError
from graphs.models import View
from rubrics.errors import SandboxError
from rubrics.failures import difference

log = logging.getLogger(__name__)


class Interview(Protocol):
    """What the pads need of `graphs.interview.Interview`."""

    async def show(self, shown: Shown) -> bool: ...

    async def view(self) -> View: ...


class PadDesk:
    """Lives as long as its sitting, and does nothing but while `attend` holds an interview."""

    def __init__(self, tell: Callable[[ToPage], None], runs: CodeRuns) -> None:
        self._tell, self._runs = tell, runs
        self._interview: Interview | None = None
        self._told: tuple[str | None, str | None] = (None, None)
        self._waiting: Write | None = None
        self._writing: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._greeting: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def attend(self, interview: Interview) -> AsyncIterator[None]:
        """What has been written when the sitting ends is kept; a run of tests is given up."""
        self._interview = interview
        self.greet()
        try:
            yield
        finally:
            for task in (self._running, self._greeting):
                if task is not None:
                    task.cancel()
            tasks = [t for t in (self._writing, self._running, self._greeting) if t is not None]
            await asyncio.gather(*tasks, return_exceptions=True)
            self._interview = None

    def greet(self) -> None:
        """A page has come: tell it what stands on the pad."""
        self._greeting = asyncio.create_task(self._greet())

    def viewed(self, view: View) -> None:
        """The interview has moved on: another question may have another pad."""
        if (view.pad, view.question) != self._told:
            self._show(view)

    def take(self, message: Write | RunTests) -> None:
        """What cannot be taken now is not answered: the page tells it again."""
        if self._interview is None:
            return
        if isinstance(message, Write):
            self._waiting = message
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write(self._interview))
        elif self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(self._interview, message))

    async def _greet(self) -> None:
        if self._interview is not None:
            self._show(await self._interview.view())

    def _show(self, view: View) -> None:
        self._told = (view.pad, view.question)
        board = view.board
        self._tell(
            PadNote(
                pad=view.pad,
                question=view.question,
                problem=view.problem,
                code=board.code if board else None,
                tests=tried(board.last_run) if board and board.last_run else [],
                sketch=board.sketch if board else None,
            )
        )

    async def _write(self, interview: Interview) -> None:
        """Keep what waits; what was told meanwhile has taken its place."""
        while (message := self._waiting) is not None:
            self._waiting = None
            self._tell(Kept(number=message.number, stored=await _kept(interview, message.shown)))

    async def _run(self, interview: Interview, message: RunTests) -> None:
        await _kept(interview, Shown(question=message.question, code=message.code))
        try:
            run = await self._runs.visible(message.question, message.code)
        except SandboxError as error:
            self._tell(Ran(question=message.question, tests=[], fault=str(error)))
            return
        await _kept(interview, Shown(question=message.question, run=run))
        self._tell(Ran(question=message.question, tests=tried(run)))


async def _kept(interview: Interview, shown: Shown) -> bool:
    try:
        return await interview.show(shown)
    except GraphError as error:
        log.warning("the pad could not be kept: %s", error)
        return False


def tried(run: Run) -> list[Tried]:
    """Each test with what it got and expected, where it says so."""
    results = []
    for test in run.tests:
        sides = difference(test.message)
        got, expected = sides or (None, None)
        results.append(Tried(**test.model_dump(), got=got, expected=expected))
    return results


def routes(house: House) -> list[BaseRoute]:
    """The code pad's editor, which is no part of this repository."""
    return [Mount("/editor", StaticFiles(directory=house.settings.models_dir / "editor", check_dir=False))]
