"""The room's web application: every feature's routes, behind the guard."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from agent.room import desk, enter, pads, prepare, remote, review, room, start
from agent.room.faults import OURS
from agent.room.house import House
from agent.room.pages import FOLDER, refusal
from agent.room.security import Guard


def create_app(house: House) -> Starlette:
    return Starlette(
        routes=[
            Route("/health", _health),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
            *enter.routes(house),
            *start.routes(house),
            *prepare.routes(house),
            *room.routes(house),
            *remote.routes(house),
            *pads.routes(house),
            *review.routes(house),
            *desk.routes(house),
        ],
        middleware=[Middleware(Guard, doors=house.doors)],
        exception_handlers={HTTPException: _refused, **dict.fromkeys(OURS, _failed)},
        lifespan=house.open,
    )


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    why = {404: "There is nothing at this address."}.get(error.status_code, error.detail)
    return refusal(request, error.status_code, why)


async def _failed(request: Request, error: Exception) -> Response:
    return refusal(request, 409, str(error))
