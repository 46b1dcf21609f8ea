"""Who may come in. Stands before every page, file and socket of the room.

Three things keep other web pages out, whatever the browser does: the Host header must be one of ours (else a foreign
name could be pointed at this machine), the Origin of whatever changes something must be one of ours, and everything
private needs a cookie that is never sent from another site.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 256 * 1024
OPEN_PATHS = ("/enter", "/health", "/static/", "/favicon.ico")
"""Need no cookie: nothing private is there."""
_SAFE = ("GET", "HEAD")
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: browsers then send forms from the origin "null", and the door refuses them
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Doors:
    """What lets a request in. `password` is None where only this machine can reach the room."""

    hosts: frozenset[str]
    """Host headers, with the port."""
    cookie: str
    """The cookie's name."""
    password: str | None = None
    secure: bool = False
    """Whether the room is served over HTTPS."""
    connect: tuple[str, ...] = ()
    """Other addresses that the pages may open sockets to."""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    clock: Callable[[], float] = time.monotonic

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(f"{scheme}://{host}" for host in self.hosts for scheme in ("http", "https"))

    def holds_key(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return found is not None and secrets.compare_digest(found.value.encode(), self.secret.encode())

    def may_have_key(self, scope: Scope, headers: Headers) -> bool:
        """Whether to hand the key to a page that this machine's user opens by typing, by a bookmark or by reloading."""
        if self.password is not None or scope["type"] != "http" or scope["method"] != "GET":
            return False
        return (
            _is_loopback(scope)
            and headers.get("sec-fetch-site") in ("none", "same-origin")
            and headers.get("sec-fetch-mode") == "navigate"
        )

    def give_key(self, response: Response) -> Response:
        response.set_cookie(self.cookie, self.secret, httponly=True, samesite="strict", secure=self.secure)
        return response

    @property
    def policy(self) -> str:
        return self.policy_for(None)

    def policy_for(self, nonce: str | None) -> str:
        """The content security policy; with a `nonce`, of a page whose editor brings styles along that carry it."""
        rules = {**_POLICY, "connect-src": " ".join(("'self'", *self.connect))}
        if nonce is not None:
            rules["style-src"] += f" 'nonce-{nonce}'"
        return "; ".join(f"{name} {value}" for name, value in rules.items())


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and client[0] in ("127.0.0.1", "::1", "testclient")


@dataclass
class Bucket:
    """So many at once, and so many a second in the long run."""

    size: float
    per_s: float
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._left, self._at_s = self.size, self.clock()

    def take(self, amount: float = 1.0) -> bool:
        now_s = self.clock()
        self._left = min(self.size, self._left + (now_s - self._at_s) * self.per_s)
        self._at_s = now_s
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Guard:
    """ASGI middleware: refuses what may not come in, and puts the protecting headers on every answer."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app = app
        self._doors = doors
        self._changes = Bucket(size=40, per_s=8, clock=doors.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":
            await self._socket(scope, headers, receive, send)
        else:
            await self._request(scope, headers, receive, self._protecting(scope, send))

    async def _socket(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        ours = headers.get("host") in self._doors.hosts and headers.get("origin") in self._doors.origins
        if ours and self._doors.holds_key(headers):
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _request(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        doors, path = self._doors, scope["path"]
        if (refused := self._refusal(scope, headers)) is not None:
            await refused(scope, receive, send)
        elif doors.holds_key(headers) and scope["method"] not in _SAFE and not self._changes.take():
            wait = {"Retry-After": "2"}
            await _refuse(429, "Too many requests: wait a moment.", wait)(scope, receive, send)
        elif path.startswith(OPEN_PATHS) or doors.holds_key(headers):
            await self._app(scope, _limited(receive), send)
        elif doors.may_have_key(scope, headers):
            await self._app(scope, receive, _giving(doors, send))
        elif doors.password is not None and scope["method"] == "GET":
            await Response(status_code=303, headers={"Location": "/enter"})(scope, receive, send)
        else:
            await _refuse(
                403,
                "This room is private: open the address that `soundcheck serve` printed, in your own browser.",
            )(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host") not in self._doors.hosts:
            return _refuse(421, "This address is not the room's own.")
        if scope["method"] in _SAFE:
            return None
        if headers.get("origin") not in self._doors.origins:
            return _refuse(403, "Only the room's own pages may change something.")
        if int(headers.get("content-length", "0") or 0) > MOST_BODY_BYTES:
            return _refuse(413, f"At most {MOST_BODY_BYTES} bytes may be sent at once.")
        return None

    def _protecting(self, scope: Scope, send: Send) -> Send:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._doors.policy)
                static = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            await send(message)

        return protected


def _giving(doors: Doors, send: Send) -> Send:
    cookie = doors.give_key(Response()).headers["set-cookie"]

    async def giving(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return giving


def _limited(receive: Receive) -> Receive:
    """The same, but a body that is longer than its head said is cut off as a lost connection."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if received > MOST_BODY_BYTES else message

    return limited


def _refuse(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{why}\n", status_code=status, headers=dict(headers or {}))
