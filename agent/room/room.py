"""The room itself: the page in which the interview is held, and its socket."""

import asyncio
import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from agent.room.attempts import read_summary
from agent.room.card import read_card
from agent.room.house import House
from agent.room.pages import page
from agent.room.socket import serve_page

KEYS = (
    ("done", "d", "That's my answer"),
    ("repeat", "r", "Repeat"),
    ("minute", "m", "Give me a minute"),
    ("time", "t", "Time left"),
    ("mute", "u", "Mute"),
    ("pause", "p", "Pause"),
    ("end", "e", "End"),
)
"""Buttons with their keys and words, in their order."""


def routes(house: House) -> list[BaseRoute]:
    transport = "local" if house.reception is None else "livekit"

    async def show(request: Request) -> Response:
        session = house.session(request)
        if read_card(session) is None:
            return RedirectResponse(f"/prepare/{session.id}", status_code=303)
        summary = await asyncio.to_thread(read_summary, session)
        if summary is not None and summary.finished:
            return RedirectResponse(f"/sessions/{session.id}", status_code=303)
        nonce = secrets.token_urlsafe(16)
        shown = page(
            "room", session=session.info, keys=KEYS, transport=f"/static/{transport}.js", nonce=nonce
        )
        shown.headers["Content-Security-Policy"] = house.doors.policy_for(nonce)
        return shown

    async def line(socket: WebSocket) -> None:
        await serve_page(socket, house)

    return [Route("/room/{session}", show), WebSocketRoute("/room/{session}/line", line)]
