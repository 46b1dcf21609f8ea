"""What a candidate's page may say in a room, and what anybody else may not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from livekit import rtc

from agent.room.messages import MOST_CHARACTERS, Done, End, FromPage, Press, Say
from agent.worker.channel import DONE, END, MUTE, TOPIC, RoomChannel
from agent.worker.presence import Presence
from tests.test_agent_worker_presence import FakeRoom


class ListeningRoom(FakeRoom):
    """Lets a test send texts and call procedures."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers: dict[str, Callable[[Any, str], None]] = {}
        self.procedures: dict[str, Callable[[Any], str]] = {}
        self.local_participant = SimpleNamespace(register_rpc_method=self.procedures.__setitem__)
        self.register_text_stream_handler = self.handlers.__setitem__

    async def send(self, topic: str, *pieces: str, sender: str = "ada") -> None:
        async def read() -> AsyncIterator[str]:
            for piece in pieces:
                yield piece

        self.handlers[topic](read(), sender)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def call(self, method: str, payload: str = "", *, caller: str = "ada") -> str:
        return self.procedures[method](
            SimpleNamespace(method=method, payload=payload, caller_identity=caller)
        )


class Conversation:
    def __init__(self) -> None:
        self.taken: list[FromPage] = []
        self.muted: list[bool] = []
        self.room = ListeningRoom()
        room: Any = self.room
        outbox: Any = SimpleNamespace(room=room, pulse=lambda topic: None)
        self.channel = RoomChannel(
            outbox, Presence(room, None), take=self.taken.append, mute=self.muted.append
        )
        self.room.join("ada")
        self.room.join("bob")


@pytest.fixture
async def conversation() -> AsyncIterator[Conversation]:
    conversation = Conversation()
    yield conversation
    await conversation.channel.aclose()


async def test_our_own_messages_and_typed_answers_are_taken(conversation: Conversation) -> None:
    await conversation.room.send(TOPIC, '{"type": "do', 'ne"}')
    await conversation.room.send("lk.chat", "We moved ", "to demos.")
    done, say = conversation.taken
    assert done == Done(type="done")
    assert isinstance(say, Say)
    assert say.text == "We moved to demos."


async def test_what_is_no_message_of_ours_or_too_long_is_left_alone(conversation: Conversation) -> None:
    await conversation.room.send(TOPIC, '{"type": "launch"}')
    await conversation.room.send(TOPIC, "no JSON")
    await conversation.room.send("lk.chat", "")
    await conversation.room.send("lk.chat", "x" * (MOST_CHARACTERS + 1))
    await conversation.room.send("lk.chat", *["x" * 10_000] * 20)
    assert conversation.taken == []


async def test_keys_are_procedures(conversation: Conversation) -> None:
    for method in ("repeat", "pause", DONE, END):
        assert conversation.room.call(method) == "ok"
    repeat, pause, done, end = conversation.taken
    assert isinstance(repeat, Press)
    assert isinstance(pause, Press)
    assert (repeat.request, pause.request) == ("repeat", "pause")
    assert repeat.turn != pause.turn
    assert (done, end) == (Done(type="done"), End(type="end"))
    conversation.room.call(MUTE, "true")
    conversation.room.call(MUTE, "false")
    assert conversation.muted == [True, False]


async def test_nobody_but_the_candidate_is_listened_to(conversation: Conversation) -> None:
    await conversation.room.send(TOPIC, '{"type": "end"}', sender="bob")
    await conversation.room.send("lk.chat", "I answer for Ada.", sender="bob")
    with pytest.raises(rtc.RpcError, match="only the candidate"):
        conversation.room.call(END, caller="bob")
    assert conversation.taken == []


async def test_a_page_that_never_stops_sending_is_heard_no_more(conversation: Conversation) -> None:
    for _ in range(500):
        await conversation.room.send(TOPIC, '{"type": "done"}')
    assert 0 < len(conversation.taken) < 200
