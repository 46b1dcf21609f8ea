"""The start page: what can be rehearsed, and what was rehearsed before."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agent.room.house import House
from agent.room.pages import page
from agent.room.promises import promise_of
from agent.sessions import Session
from graphs.loops import load_loop, shipped_loops

SHOWN = 12
"""Past sessions on the page; the rest is asked for."""
_NOT_FOR_PEOPLE = "demo"
_ORDER = ("practice", "full", "onsite", "screen")


@dataclass(frozen=True)
class PastSession:
    """A session as the list shows it."""

    id: str
    title: str
    when: str
    how: str
    reported: bool
    resumable: bool


def routes(house: House) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        every = "all" in request.query_params
        found = await asyncio.to_thread(house.store.list)
        listed = await asyncio.to_thread(past, found if every else found[:SHOWN])
        return page(
            "start",
            guide=house.content.guide,
            topics=house.content.topics,
            loops=[load_loop(name) for _, name in offered(house)],
            patience=house.settings.patience,
            promise=promise_of(house),
            past=listed,
            more=0 if every else max(0, len(found) - SHOWN),
        )

    async def state(request: Request) -> Response:
        opening = house.opening
        return JSONResponse({"state": opening.state, "doing": opening.doing, "failure": opening.failure})

    return [Route("/", show), Route("/api/state", state)]


def offered(house: House) -> list[tuple[str, str]]:
    """Ids of the loops to choose from, each with its name or file: the shipped ones, and that of the settings."""
    names = [name for name in shipped_loops() if name != _NOT_FOR_PEOPLE]
    names.sort(key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    if house.settings.loop not in names and house.settings.loop != _NOT_FOR_PEOPLE:
        names.insert(0, house.settings.loop)
    return [(load_loop(name).id, name) for name in names]


def past(sessions: Sequence[Session]) -> list[PastSession]:
    return [_past(session) for session in sessions]


def _past(session: Session) -> PastSession:
    finished = _finished(session)
    return PastSession(
        id=session.id,
        title=session.info.title,
        when=session.info.created.astimezone().strftime("%d %B %Y, %H:%M").lstrip("0"),
        how={"spoken": "spoken", "typed": "typed", "demo": "demonstration"}[session.info.mode],
        reported=finished is not None,
        resumable=not finished and session.info.mode != "demo",
    )


def _finished(session: Session) -> bool | None:
    """As its report says; None where it has none that can be read."""
    try:
        report = json.loads((session.folder / "report.json").read_bytes())
        return bool(report["header"]["finished"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
