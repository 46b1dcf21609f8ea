"""The interviews that are under way in this room, by session."""

import asyncio
from typing import TYPE_CHECKING

from agent.errors import SessionError
from agent.room.card import read_card
from agent.room.faults import why
from agent.room.loading import Opening
from agent.room.messages import Hello, Over
from agent.room.reports import ReportDesk
from agent.sessions import Session

if TYPE_CHECKING:
    from agent.room.line import Client
    from agent.room.live import Live


class Floor:
    def __init__(self, opening: Opening, reports: ReportDesk) -> None:
        self._opening = opening
        self._reports = reports
        self._live: dict[str, Live] = {}
        self._doors: dict[str, asyncio.Lock] = {}

    def holds(self, session: Session) -> bool:
        """Whether that session's interview is under way here."""
        live = self._live.get(session.id)
        return live is not None and not live.task.done()

    async def join(self, session: Session, client: "Client", hello: Hello) -> "Live":
        """Connect a page with its interview, which begins or is carried on where it is not under way."""
        async with self._doors.setdefault(session.id, asyncio.Lock()):
            live = self._live.get(session.id)
            if live is not None and live.ending:
                await asyncio.wait([live.task])
            if live is None or live.task.done():
                live = await self._begin(session)
            live.join(client, hello)
            return live

    async def aclose(self) -> None:
        """Save everything that is being said, and end."""
        for live in self._live.values():
            live.stop()
        if tasks := [live.task for live in self._live.values() if not live.task.done()]:
            await asyncio.wait(tasks)

    async def _begin(self, session: Session) -> "Live":
        card = read_card(session)
        if card is None:
            raise SessionError(
                f"session {session.id}: nobody has agreed to be recorded here yet: open its page again"
            )
        studio = await self._opening.studio()
        await self._reports.give_up(session)
        from agent.report.write import load_library, stored_view
        from agent.room.live import Live

        view = await stored_view(session, await asyncio.to_thread(load_library, studio.workplace.settings))
        live = Live(studio, session, card, view)
        live.task.add_done_callback(lambda task: self._ended(live, task))
        self._live[session.id] = live
        return live

    def _ended(self, live: "Live", task: "asyncio.Task[bool]") -> None:
        if self._live.get(live.session.id) is live:
            del self._live[live.session.id]
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            live.tell(Over(how="failed", why=why(error)))
        elif task.result():
            self._reports.order(live.session)
