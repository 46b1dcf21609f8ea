"""What all pages of one room share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from agent.desk.retention import delete_when_due
from agent.desk.screenings import Desk
from agent.room.floor import Floor
from agent.room.loading import Opening
from agent.room.reports import ReportDesk
from agent.room.security import Doors
from agent.sessions import Session, SessionStore
from agent.settings import Settings
from knowledge.loader import Content, load_content

if TYPE_CHECKING:
    from agent.worker.reception import Reception


@dataclass
class House:
    settings: Settings
    doors: Doors
    content: Content
    opening: Opening
    reception: "Reception | None" = None
    """Of the LiveKit server over which interviews are held; None where they are held here."""
    store: SessionStore = field(init=False)
    reports: ReportDesk = field(init=False)
    floor: Floor = field(init=False)

    def __post_init__(self) -> None:
        self.store = SessionStore(self.settings.sessions_dir)
        self.reports = ReportDesk(self.opening)
        self.floor = Floor(self.opening, self.reports)

    def session(self, request: HTTPConnection) -> Session:
        """The session that the address names, in full. Raises HTTPException 404."""
        session = self.store.find(request.path_params["session"])
        if session is None:
            raise HTTPException(404)
        return session

    @asynccontextmanager
    async def open(self, app: Starlette) -> AsyncIterator[None]:
        """Everything that lives as long as the server."""
        self.opening.begin()
        keeping = asyncio.create_task(delete_when_due(Desk(self.settings)), name="retention")
        try:
            yield
        finally:
            keeping.cancel()
            await self.floor.aclose()
            await self.reports.aclose()
            await self.opening.aclose()


def open_house(settings: Settings, doors: Doors, reception: "Reception | None" = None) -> House:
    """Raises ContentError where the guide is damaged. Loads no model yet."""
    return House(settings, doors, load_content(settings.guide), Opening(settings), reception)
