"""A room for tests: Starlette's test client at the right address, nothing heavy behind it, and time stands still."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn
from starlette.testclient import TestClient

from agent.room.app import create_app
from agent.room.house import House
from agent.room.loading import Opening
from agent.room.security import Doors
from agent.settings import Settings
from knowledge.loader import Content
from tests.fakes import FakeClock

HOST = "localhost:8137"
ORIGIN = f"http://{HOST}"
NAVIGATION = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "accept": "text/html"}


class NothingLoads(Opening):
    """A studio that is loading for as long as the test takes."""

    def begin(self) -> None: ...

    async def aclose(self) -> None: ...


def make_house(settings: Settings, content: Content, *, password: str | None = None) -> House:
    doors = Doors(frozenset([HOST]), "soundcheck_8137", password=password, clock=FakeClock())
    return House(settings, doors, content, NothingLoads(settings))


@contextmanager
def visiting(house: House, *, inside: bool = True) -> Iterator[TestClient]:
    """A browser that has the key already, unless it stands outside."""
    with TestClient(
        create_app(house), base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False
    ) as client:
        if inside:
            client.cookies.set(house.doors.cookie, house.doors.secret)
        yield client


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address of the room for a real browser; the server runs in a thread."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the server has started waits for it
        port: int = listening.getsockname()[1]
        house.doors = replace(
            house.doors, hosts=frozenset([f"localhost:{port}"]), cookie=f"soundcheck_{port}"
        )
        server = uvicorn.Server(uvicorn.Config(create_app(house), log_level="error", ws="websockets-sansio"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://localhost:{port}"
        finally:
            server.should_exit = True
            thread.join()
