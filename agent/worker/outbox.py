"""What is sent to a room: in order, and without anybody waiting for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from livekit import rtc

log = logging.getLogger(__name__)

Sending = Callable[[], Awaitable[object]]


class Outbox:
    """An interview does not depend on what is sent: what cannot be is left out, and said in the log."""

    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self._waiting: asyncio.Queue[Sending] = asyncio.Queue()
        self._sending = asyncio.create_task(self._send_on(), name="outbox")

    def put(self, sending: Sending) -> None:
        self._waiting.put_nowait(sending)

    def text(
        self,
        topic: str,
        text: str,
        attributes: dict[str, str],
        *,
        sender: str | None = None,
        to: str | None = None,
    ) -> None:
        """A text stream, complete; `sender` is whose words they are, where not our own. Without `to` for everybody."""
        self.put(lambda: self._send_text(topic, text, attributes, sender, to))

    def pulse(self, topic: str) -> None:
        """Nothing but a sign of life, which may be lost."""
        self.put(lambda: self.room.local_participant.publish_data(b"", reliable=False, topic=topic))

    def attributes(self, attributes: dict[str, str]) -> None:
        """What everybody in the room can read of us."""
        self.put(lambda: self.room.local_participant.set_attributes(attributes))

    async def aclose(self) -> None:
        """Send what is waiting, then no more."""
        if self.room.isconnected():
            await self._waiting.join()
        self._sending.cancel()
        await asyncio.wait([self._sending])

    async def _send_on(self) -> None:
        while True:
            sending = await self._waiting.get()
            try:
                if self.room.isconnected():
                    await sending()
            except (rtc.StreamError, rtc.participant.PublishDataError, RuntimeError) as error:
                log.warning("room %s: not sent: %s", self.room.name, type(error).__name__)
            finally:
                self._waiting.task_done()

    async def _send_text(
        self, topic: str, text: str, attributes: dict[str, str], sender: str | None, to: str | None
    ) -> None:
        writer = await self.room.local_participant.stream_text(
            topic=topic,
            attributes=attributes,
            sender_identity=sender,
            destination_identities=[to] if to else None,
        )
        await writer.write(text)
        await writer.aclose()
