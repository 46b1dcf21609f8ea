"""A candidate in a LiveKit room: joins with a token, speaks recorded words, and notes all that is heard and shown."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from livekit import api, rtc

from agent.voice.pcm import RATE_HZ, Pcm, join, loudness
from agent.worker.channel import PULSE_TOPIC, TOPIC
from tests.livekit_server import KEY, SECRET, LiveKitServer

IDENTITY = "candidate"
_PIECE = RATE_HZ // 50
_LOUD = 100.0


@dataclass(frozen=True)
class Caption:
    who: str
    segment: str
    text: str
    final: bool


class RoomCandidate:
    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self.captions: list[Caption] = []
        self.heard: list[tuple[float, Pcm]] = []
        """The interviewer's voice, with the moments at which it came."""
        self.source = rtc.AudioSource(RATE_HZ, 1, queue_size_ms=100)
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.messages: list[dict[str, Any]] = []
        """Those of `agent.room.messages`."""
        self.pulses = 0
        room.register_text_stream_handler("lk.transcription", self._caption)
        room.register_text_stream_handler(TOPIC, lambda reader, _: self._do(self._note(reader)))
        room.on("data_received", self._data)
        for event in ("participant_connected", "participant_disconnected", "participant_attributes_changed"):
            room.on(event, lambda *_: self._wake())
        room.on("track_subscribed", lambda track, *_: self._do(self._hear(track)))

    @property
    def interviewer(self) -> rtc.RemoteParticipant | None:
        agents = (p for p in self.room.remote_participants.values() if _is_agent(p))
        return next(agents, None)

    @property
    def state(self) -> str | None:
        """What the interviewer shows of itself: speaking, listening, thinking."""
        return self.interviewer.attributes.get("lk.agent.state") if self.interviewer else None

    def said(self, words: str, *, by: str = "") -> bool:
        """Whether a final caption has these words."""
        return any(words in c.text for c in self.captions if c.final and by in c.who)

    async def until(self, holds: Callable[[], object], *, within_s: float = 120.0) -> None:
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {within_s} s; captions: {self.captions}") from None

    async def say(self, pcm: Pcm) -> None:
        """Into the microphone, in real time."""
        for start in range(0, len(pcm), _PIECE):
            part = pcm[start : start + _PIECE]
            await self.source.capture_frame(rtc.AudioFrame(part.tobytes(), RATE_HZ, 1, len(part)))
        await self.source.wait_for_playout()

    async def tell(self, **message: Any) -> None:
        """As a page does."""
        await self.room.local_participant.send_text(json.dumps(message), topic=TOPIC)

    async def write(self, text: str) -> None:
        """A typed answer, as LiveKit's own frontends send it."""
        await self.room.local_participant.send_text(text, topic="lk.chat")

    async def call(self, method: str, payload: str = "") -> str:
        """A procedure of the interviewer's."""
        assert self.interviewer is not None
        return await self.room.local_participant.perform_rpc(
            destination_identity=self.interviewer.identity, method=method, payload=payload
        )

    def told(self, kind: str) -> dict[str, Any] | None:
        """The last message of that type."""
        return next((m for m in reversed(self.messages) if m["type"] == kind), None)

    def spoken(self, who: str) -> list[dict[str, Any]]:
        """The lines of that side, as a page shows them."""
        return [m["line"] for m in self.messages if m["type"] == "spoken" and m["line"]["who"] == who]

    def last_sound_s(self) -> float:
        """The moment at which the interviewer was last heard."""
        return max(at_s for at_s, pcm in self.heard if loudness(pcm).max(initial=0.0) > _LOUD)

    def _caption(self, reader: rtc.TextStreamReader, who: str) -> None:
        self._do(self._read(reader, who))

    async def _read(self, reader: rtc.TextStreamReader, who: str) -> None:
        text = await reader.read_all()
        seen = reader.info.attributes or {}
        final = seen["lk.transcription_final"] == "true"
        self.captions.append(Caption(who, seen["lk.segment_id"], text, final))
        self._wake()

    async def _note(self, reader: rtc.TextStreamReader) -> None:
        self.messages.append(json.loads(await reader.read_all()))
        self._wake()

    def _data(self, packet: rtc.DataPacket) -> None:
        self.pulses += packet.topic == PULSE_TOPIC
        self._wake()

    async def _hear(self, track: rtc.Track) -> None:
        async for event in rtc.AudioStream(track, sample_rate=RATE_HZ, num_channels=1, frame_size_ms=20):
            self.heard.append((monotonic(), np.frombuffer(event.frame.data, dtype=np.int16)))

    def _do(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def voice(self) -> Pcm:
        return join([pcm for _, pcm in self.heard])


@asynccontextmanager
async def joined(
    server: LiveKitServer,
    room_name: str,
    *,
    order: dict[str, Any] | None = None,
    identity: str = IDENTITY,
) -> AsyncIterator[RoomCandidate]:
    """In the room, with a microphone. `order` calls an interviewer into a room that is not there yet."""
    token = api.AccessToken(KEY, SECRET).with_identity(identity)
    token = token.with_grants(api.VideoGrants(room_join=True, room=room_name))
    if order is not None:
        dispatch = api.RoomAgentDispatch(agent_name="soundcheck", metadata=json.dumps(order))
        token = token.with_room_config(api.RoomConfiguration(agents=[dispatch]))
    room = rtc.Room()
    candidate = RoomCandidate(room)
    await room.connect(server.url, token.to_jwt())
    try:
        track = rtc.LocalAudioTrack.create_audio_track("microphone", candidate.source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)
        yield candidate
    finally:
        await room.disconnect()
        await candidate.source.aclose()


async def call_interviewer(server: LiveKitServer, room_name: str, order: dict[str, Any]) -> None:
    """Into a room that is there already."""
    request = api.CreateAgentDispatchRequest(
        agent_name="soundcheck", room=room_name, metadata=json.dumps(order)
    )
    async with api.LiveKitAPI(server.url, KEY, SECRET) as livekit:
        await livekit.agent_dispatch.create_dispatch(request)


def _is_agent(participant: rtc.RemoteParticipant) -> bool:
    return participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
