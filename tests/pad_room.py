"""A room whose interview is typed and has pads, on a real server: everything but the voice, and no model."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn

from agent.code_runs import CodeRuns, suites_in
from agent.room.actions import WORDS
from agent.room.app import create_app
from agent.room.card import Card, write_card
from agent.room.house import House
from agent.room.line import Client
from agent.room.messages import FromPage, Hello, Line, Press, RunTests, Say, Spoken, Standing, Welcome, Write
from agent.room.pads import PadDesk
from agent.room.security import Doors
from agent.settings import Settings
from graphs.models import View
from knowledge.loader import Content
from tests.pad_sittings import PadSitting
from tests.room import NothingLoads


class PadLive:
    """A sitting as `agent.room.live.Live` holds it, with what is typed told to the interview at once."""

    def __init__(self, sitting: PadSitting, content: Content) -> None:
        self._sitting = sitting
        self.pads = PadDesk(self.tell, CodeRuns(suites_in(content)))
        self._client: Client | None = None
        self._lines: list[Line] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, message: Any) -> None:
        if self._client is not None:
            self._client.tell(message)

    async def join(self, client: Client, hello: Hello) -> None:
        self._client = client
        view = await self._sitting.view()
        client.tell(
            Welcome(
                voice_rate_hz=22_050,
                next_frame=0,
                doing="listening",
                standing=_standing(view),
                transcript=self._lines,
            )
        )
        self.pads.greet()

    def take(self, client: Client, message: FromPage) -> None:
        if isinstance(message, Write | RunTests):
            self.pads.take(message)
        elif isinstance(message, Say | Press):
            text = message.text if isinstance(message, Say) else WORDS[message.request]
            self._tasks.add(asyncio.create_task(self._say(message.turn, text)))

    async def _say(self, turn: str, text: str) -> None:
        self._add(Line(turn=turn, who="candidate", text=text))
        for kind, said in await self._sitting.say(text):
            self._add(Line(turn=f"{turn}-{kind}", who="interviewer", text=said))
        view = await self._sitting.view()
        self.tell(_standing(view))
        self.pads.viewed(view)

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self.tell(Spoken(line=line))

    def sound(self, client: Client, first_frame: int, data: bytes) -> None: ...

    def leave(self, client: Client) -> None:
        self._client = None


@dataclass
class PadFloor:
    """Holds one such sitting, from the first page that comes."""

    content: Content
    stage: str
    _live: PadLive | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    def holds(self, session: object) -> bool:
        return self._live is not None

    async def join(self, session: object, client: Client, hello: Hello) -> PadLive:
        if self._live is None:
            sitting = await (await PadSitting.open(self.content, stage=self.stage)).begin()
            self._live = PadLive(sitting, self.content)
            await self._open.enter_async_context(self._live.pads.attend(sitting.interview))
        await self._live.join(client, hello)
        return self._live

    async def aclose(self) -> None:
        await self._open.aclose()


KEY = "a key for tests"


@contextmanager
def pad_room(settings: Settings, content: Content, *, stage: str, name: str = "localhost") -> Iterator[str]:
    """The address of a page whose question has a pad. By another `name`, whoever comes needs the `KEY`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"{name}:{listening.getsockname()[1]}"
        doors = Doors(frozenset([host]), "key", secret=KEY)
        house = House(settings, doors, content, NothingLoads(settings))
        house.floor = PadFloor(content, stage)  # type: ignore[assignment]  # stands in for a Floor
        session = house.store.create(title="Coding and applied ML", mode="spoken")
        write_card(session, Card(consented=datetime.now(UTC), patience="normal", plan=None))
        server = uvicorn.Server(
            uvicorn.Config(create_app(house), log_level="error", ws="websockets-sansio", lifespan="on")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{host}/room/{session.id}?typed"
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def _standing(view: View) -> Standing:
    return Standing(
        stage="Coding and applied ML",
        stage_number=1,
        stages=1,
        interviewer="Noor",
        role="a senior data scientist",
        question=view.question_text,
        elapsed_s=view.elapsed_s,
        budget_s=view.budget_s,
        paused=False,
        finished=view.finished,
    )
