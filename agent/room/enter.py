"""The door: trades the key of the printed address, or the password, for the cookie."""

import secrets
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agent.room.house import House
from agent.room.pages import page, refusal
from agent.room.security import Bucket

MOST_ADDRESSES = 1000


class _Attempts:
    """Five passwords for each address, then one in twelve seconds: who guesses locks nobody else out."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = Bucket(size=60, per_s=1, clock=clock)
        self._of: dict[str, Bucket] = {}

    def take(self, address: str) -> bool:
        bucket = self._of.pop(address, None) or Bucket(size=5, per_s=1 / 12, clock=self._clock)
        self._of[address] = bucket
        while len(self._of) > MOST_ADDRESSES:
            del self._of[next(iter(self._of))]
        return bucket.take() and self._all.take()


def routes(house: House) -> list[BaseRoute]:
    doors = house.doors
    attempts = _Attempts(doors.clock)

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
        if not attempts.take(request.client.host if request.client else ""):
            return refusal(request, 429, "Too many attempts: wait a minute.")
        given = parse_qs((await request.body()).decode(errors="replace")).get("password", [""])[0]
        if not secrets.compare_digest(given.encode(), doors.password.encode()):
            return page("enter", wrong=True, status=403)
        return doors.give_key(RedirectResponse("/", status_code=303))

    return [Route("/enter", show, methods=["GET"]), Route("/enter", check, methods=["POST"])]
