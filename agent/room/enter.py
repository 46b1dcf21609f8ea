"""The door: trades the key of the printed address, or the password, for the cookie."""

import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agent.room.house import House
from agent.room.pages import page, refusal
from agent.room.security import Bucket


def routes(house: House) -> list[BaseRoute]:
    doors = house.doors
    attempts = Bucket(size=5, per_s=1 / 12, clock=doors.clock)

    async def show(request: Request) -> Response:
        key = request.query_params.get("key")
        if key is not None and secrets.compare_digest(key.encode(), doors.secret.encode()):
            return doors.give_key(RedirectResponse("/", status_code=303))
        if doors.password is None:
            return RedirectResponse("/", status_code=303)
        return page("enter", wrong=False)

    async def check(request: Request) -> Response:
        if doors.password is None:
            return RedirectResponse("/", status_code=303)
        if not attempts.take():
            return refusal(request, 429, "Too many attempts: wait a minute.")
        given = parse_qs((await request.body()).decode(errors="replace")).get("password", [""])[0]
        if not secrets.compare_digest(given.encode(), doors.password.encode()):
            return page("enter", wrong=True, status=403)
        return doors.give_key(RedirectResponse("/", status_code=303))

    return [Route("/enter", show, methods=["GET"]), Route("/enter", check, methods=["POST"])]
