"""Interviews over a LiveKit server: the page's token, calling an interviewer, and LiveKit's library for the page."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agent.room.card import read_card
from agent.room.client_library import library_path
from agent.room.house import House
from agent.room.security import Bucket
from agent.sessions import Session


def routes(house: House) -> list[BaseRoute]:
    """None where the room is not connected to a LiveKit server."""
    reception = house.reception
    if reception is None:
        return []
    calls = Bucket(size=5, per_s=1 / 10)

    async def token(request: Request) -> Response:
        session = _agreed(request)
        return JSONResponse({"url": reception.url, "token": reception.candidate_token(session.id)})

    async def call(request: Request) -> Response:
        session = _agreed(request)
        if not calls.take():
            raise HTTPException(429, "An interviewer has been called: wait a moment.")
        await reception.call(session.id)
        return Response(status_code=204)

    async def library(request: Request) -> Response:
        return FileResponse(library_path(house.settings), media_type="text/javascript")

    def _agreed(request: Request) -> Session:
        session = house.session(request)
        if read_card(session) is None:
            raise HTTPException(
                409, "Nobody has agreed to be recorded here yet: open the session's page again."
            )
        return session

    return [
        Route("/api/sessions/{session}/livekit", token, methods=["POST"]),
        Route("/api/sessions/{session}/interviewer", call, methods=["POST"]),
        Route("/livekit-client.js", library),
    ]
