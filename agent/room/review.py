"""A session afterwards: its report, and getting rid of it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agent.room.house import House


def routes(house: House) -> list[BaseRoute]:
    async def delete(request: Request) -> Response:
        house.store.delete(house.session(request))
        return Response(status_code=204)

    return [Route("/api/sessions/{session}", delete, methods=["DELETE"])]
