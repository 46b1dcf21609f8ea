"""Reports in the making, one at a time; whoever waits can ask how far they are."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from agent.desk.screenings import screening_of
from agent.room.faults import why
from agent.room.loading import Opening
from agent.sessions import Session

State = Literal["none", "waiting", "grading", "elsewhere", "ready", "failed"]


@dataclass
class Progress:
    state: State
    left: int | None = None
    """Answers still to be graded."""
    why: str | None = None


class ReportDesk:
    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._progress: dict[str, Progress] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()

    def progress(self, session: Session) -> Progress:
        known = self._progress.get(session.id)
        if known is not None and known.state != "ready":
            return known
        held = session.held  # asked first: whoever lets go of it has written the report
        if (session.folder / "report.html").exists():
            return Progress("ready")
        return Progress("elsewhere" if held else "none")

    def order(self, session: Session) -> None:
        """Have the report made, or made again; once, however often it is asked for meanwhile.

        A candidate of a screening script gets none.
        """
        if session.id in self._tasks or screening_of(session) is not None:
            return
        self._progress[session.id] = Progress("waiting")
        task = asyncio.create_task(self._make(session), name=f"report {session.id}")
        self._tasks[session.id] = task
        task.add_done_callback(lambda done: self._made(session.id, done))

    async def give_up(self, session: Session) -> None:
        """Somebody needs the session now: its report can be made again later, and what is graded stays graded."""
        if (task := self._tasks.get(session.id)) is not None:
            task.cancel()
            await asyncio.wait([task])

    async def aclose(self) -> None:
        """What is not finished can be made again at any time."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _make(self, session: Session) -> None:
        studio = await self._opening.studio()
        from agent.report.write import load_library, stored_view
        from agent.voice.holding import report_on

        def tell(left: int) -> None:
            self._progress[session.id] = Progress("grading", left)

        async with self._one_at_a_time:
            library = await asyncio.to_thread(load_library, studio.workplace.settings)
            view = await stored_view(session, library)
            await report_on(studio, session, view, progress=tell)

    def _made(self, session_id: str, task: "asyncio.Task[None]") -> None:
        del self._tasks[session_id]
        error = None if task.cancelled() else task.exception()
        self._progress[session_id] = Progress("failed", why=why(error)) if error else Progress("ready")
