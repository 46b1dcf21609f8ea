"""The page's socket: who may open one, and what happens to pages that send too much or nonsense."""

import asyncio
import json
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from agent.errors import SessionError
from agent.room.house import House
from agent.room.messages import Done, FromPage, Now, Press, Say
from agent.room.socket import MOST_SOUND_BYTES, MOST_TEXT_BYTES, serve_page
from agent.settings import Settings
from knowledge.loader import Content
from tests.room import HOST, ORIGIN, make_house

HELLO = {"type": "hello", "stream": "s-1", "captured": 0, "microphone": True}


class Sitting:
    """A sitting that only remembers what reached it."""

    def __init__(self) -> None:
        self.taken: list[FromPage] = []
        self.sounds: list[tuple[int, int]] = []
        self.gone = 0

    def join(self, client: Any) -> None:
        client.tell(Now(doing="listening"))

    def take(self, client: object, message: FromPage) -> None:
        self.taken.append(message)

    def sound(self, client: object, first_frame: int, data: bytes) -> None:
        self.sounds.append((first_frame, len(data)))

    def leave(self, client: object) -> None:
        self.gone += 1


class OneSitting:
    """A floor on which that sitting is held, whoever asks."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.error: Exception | None = None

    async def join(self, session: object, client: object, hello: object) -> Sitting:
        if self.error is not None:
            raise self.error
        self.sitting.join(client)
        return self.sitting

    async def aclose(self) -> None: ...


@pytest.fixture
def sitting() -> Sitting:
    return Sitting()


@pytest.fixture
def house(settings: Settings, content: Content, sitting: Sitting) -> House:
    house = make_house(settings, content)
    house.floor = OneSitting(sitting)  # type: ignore[assignment]  # stands in for a Floor
    return house


@pytest.fixture
def address(house: House) -> str:
    return f"/room/{house.store.create(title='Behavioral', mode='spoken').id}/line"


def entered(room: TestClient, address: str) -> WebSocketTestSession:
    return room.websocket_connect(f"ws://{HOST}{address}", headers={"origin": ORIGIN})


def greeted(socket: WebSocketTestSession) -> None:
    """Introduce the page, and wait until it has joined."""
    socket.send_json(HELLO)
    while socket.receive_json()["type"] != "now":
        pass


def refused_after(socket: WebSocketTestSession) -> int:
    while (event := socket.receive())["type"] != "websocket.close":
        pass
    return int(event["code"])


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN, "host": "evil.example:8137"},
        {"origin": ORIGIN, "cookie": "soundcheck_8137=guess"},
    ],
)
def test_a_socket_from_elsewhere_is_refused_before_it_opens(
    room: TestClient, address: str, headers: dict[str, str]
) -> None:
    if "cookie" in headers:
        room.cookies.clear()
    with pytest.raises(WebSocketDisconnect), room.websocket_connect(f"ws://{HOST}{address}", headers=headers):
        pass


def test_a_session_that_is_not_there_is_refused(room: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), entered(room, "/room/20260101-000000-abcd/line"):
        pass


def test_sound_and_messages_reach_the_sitting(room: TestClient, address: str, sitting: Sitting) -> None:
    with entered(room, address) as socket:
        greeted(socket)
        socket.send_bytes((7).to_bytes(4, "little") + bytes(1280))
        socket.send_json({"type": "say", "turn": "p-12345678", "text": "I moved <b>everything</b>."})
        socket.send_json({"type": "press", "turn": "p-87654321", "request": "repeat"})
        socket.send_json({"type": "done"})
    assert sitting.sounds == [(7, 1280)]
    assert sitting.taken == [
        Say(type="say", turn="p-12345678", text="I moved <b>everything</b>."),
        Press(type="press", turn="p-87654321", request="repeat"),
        Done(type="done"),
    ]
    assert sitting.gone == 1


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        '{"type": "shutdown"}',
        '{"type": "say", "turn": "../../etc", "text": "x"}',
        '{"type": "say", "turn": "p-12345678", "text": ""}',
        '{"type": "press", "turn": "p-12345678", "request": "score"}',
        '{"type": "done", "more": 1}',
        '{"type": "write", "number": 1, "shown": {"question": "t/p", "code": "' + "x" * 20_001 + '"}}',
    ],
)
def test_nonsense_is_passed_over_and_what_follows_it_is_taken(
    room: TestClient, address: str, sitting: Sitting, message: str
) -> None:
    with entered(room, address) as socket:
        greeted(socket)
        socket.send_text(message)
        socket.send_json({"type": "done"})
    assert sitting.taken == [Done(type="done")]


def test_too_long_a_message_is_refused(room: TestClient, address: str, sitting: Sitting) -> None:
    with entered(room, address) as socket:
        greeted(socket)
        socket.send_text('"' + "x" * MOST_TEXT_BYTES + '"')
        assert refused_after(socket) == 1008
    assert sitting.taken == []


def test_a_page_must_introduce_itself_first(room: TestClient, address: str, sitting: Sitting) -> None:
    with entered(room, address) as socket:
        socket.send_json({"type": "done"})
        assert refused_after(socket) == 1008
    assert sitting.taken == []


def test_too_much_sound_at_once_is_refused(room: TestClient, address: str, sitting: Sitting) -> None:
    with entered(room, address) as socket:
        greeted(socket)
        socket.send_bytes(bytes(MOST_SOUND_BYTES + 1))
        assert refused_after(socket) == 1008
    assert sitting.sounds == []


def test_too_many_messages_are_refused(room: TestClient, address: str, sitting: Sitting) -> None:
    with entered(room, address) as socket:
        greeted(socket)
        for _ in range(1000):
            socket.send_json({"type": "done"})
        assert refused_after(socket) == 1008
    assert len(sitting.taken) < 1000


class Deaf:
    """A socket whose page has said hello, and takes nothing."""

    def __init__(self, session: str) -> None:
        self.path_params = {"session": session}

    async def accept(self) -> None: ...

    async def receive_text(self) -> str:
        return json.dumps(HELLO)

    async def receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send_text(self, text: str) -> None:
        await asyncio.Event().wait()


async def test_a_page_that_takes_nothing_is_left_and_does_not_keep_the_interview_talking(
    house: House, sitting: Sitting, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.room.socket.TAKEN_WITHIN_S", 0.02)
    deaf: Any = Deaf(address.split("/")[2])
    await asyncio.wait_for(serve_page(deaf, house), 5)
    assert sitting.gone == 1


def test_why_an_interview_cannot_be_held_is_told_to_the_page(
    room: TestClient, address: str, house: House
) -> None:
    house.floor.error = SessionError("session x is open in another window")  # type: ignore[attr-defined]
    with entered(room, address) as socket:
        socket.send_json(HELLO)
        told = [socket.receive_json() for _ in range(2)]
        assert told[-1] == {"type": "over", "how": "failed", "why": "session x is open in another window"}
