"""Messages between an interview and its candidate's page, by way of a LiveKit room.

They are those of `agent.room.messages`, on text streams of one topic. Besides, as LiveKit's own frontends do it, typed
answers come over `lk.chat`, and the keys are remote procedures of the interviewer's. Nobody but the candidate is
listened to.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import get_args

from livekit import rtc
from livekit.agents.types import TOPIC_CHAT

from agent.room.messages import (
    MOST_CHARACTERS,
    Done,
    End,
    FromPage,
    Press,
    Request,
    Say,
    ToPage,
    read_message,
)
from agent.room.security import Bucket
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence

TOPIC = "soundcheck"
PULSE_TOPIC = "soundcheck.pulse"
PULSE_EVERY_S = 2.0
"""A page that hears none for some time knows that its interviewer is gone, long before the server does."""
DONE, END, MUTE = "done", "end", "mute"
"""Procedures, besides the requests of `Press`; the payload of `mute` is `true` or `false`."""
_MOST_TEXT = 64 * 1024


class RoomChannel:
    """`take` is given what the candidate's page says, `mute` whether they want not to be heard."""

    def __init__(
        self,
        outbox: Outbox,
        presence: Presence,
        *,
        take: Callable[[FromPage], None],
        mute: Callable[[bool], None],
    ) -> None:
        self._outbox = outbox
        self._presence = presence
        self._take = take
        self._mute = mute
        self._allowed = Bucket(size=60, per_s=10)
        self._reading: set[asyncio.Task[None]] = set()
        self._pulsing = asyncio.create_task(self._pulse(), name="pulse")
        room = outbox.room
        room.register_text_stream_handler(TOPIC, self._message)
        room.register_text_stream_handler(TOPIC_CHAT, self._chat)
        for method in (*get_args(Request), DONE, END, MUTE):
            room.local_participant.register_rpc_method(method, self._call)

    def tell(self, message: ToPage) -> None:
        if self._presence.candidate is not None:
            self._outbox.text(TOPIC, message.model_dump_json(), {}, to=self._presence.candidate)

    async def aclose(self) -> None:
        for task in (self._pulsing, *self._reading):
            task.cancel()
        await asyncio.wait([self._pulsing, *self._reading])

    async def _pulse(self) -> None:
        while True:
            self._outbox.pulse(PULSE_TOPIC)
            await asyncio.sleep(PULSE_EVERY_S)

    def _message(self, reader: rtc.TextStreamReader, sender: str) -> None:
        self._read(reader, sender, read_message)

    def _chat(self, reader: rtc.TextStreamReader, sender: str) -> None:
        self._read(reader, sender, _typed)

    def _read(
        self, reader: rtc.TextStreamReader, sender: str, understood: Callable[[str], FromPage | None]
    ) -> None:
        if self._hears(sender):
            task = asyncio.create_task(self._read_on(reader, understood))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read_on(
        self, reader: rtc.TextStreamReader, understood: Callable[[str], FromPage | None]
    ) -> None:
        text = ""
        async for piece in reader:
            text += piece
            if len(text) > _MOST_TEXT:
                return
        if (message := understood(text)) is not None:
            self._take(message)

    def _call(self, call: rtc.RpcInvocationData) -> str:
        if not self._hears(call.caller_identity):
            raise rtc.RpcError(
                rtc.RpcError.ErrorCode.APPLICATION_ERROR, "only the candidate, and not so often"
            )
        if call.method == MUTE:
            self._mute(call.payload == "true")
        else:
            self._take(_pressed(call.method))
        return "ok"

    def _hears(self, sender: str) -> bool:
        return sender == self._presence.candidate and self._allowed.take()


def _typed(text: str) -> FromPage | None:
    return Say(type="say", turn=_new_turn(), text=text) if 0 < len(text) <= MOST_CHARACTERS else None


def _pressed(method: str) -> FromPage:
    if method == DONE:
        return Done(type="done")
    if method == END:
        return End(type="end")
    return Press.model_validate({"type": "press", "turn": _new_turn(), "request": method})


def _new_turn() -> str:
    return f"room-{secrets.token_hex(6)}"
