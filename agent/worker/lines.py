"""The two ends of a conversation in a LiveKit room: the candidate's microphone track, and the interviewer's voice."""

import asyncio

import numpy as np
from livekit import rtc

from agent.voice.lines import FRAME_S, Ears, Mouth, Witness
from agent.voice.pcm import RATE_HZ, Pcm, silence
from agent.voice.playout import Playout
from agent.voice.timeline import Timeline

VOICE_RATE_HZ = 48_000
_OVERDUE_S = 0.2
"""Sound that is not here by then is not waited for."""
_AHEAD_S = 0.3
_QUIET = 300
_HEAD_START_S = 0.06
_QUEUE_MS = 200


class Voice:
    """The interviewer's track in a room, published once however many sittings there are."""

    def __init__(self) -> None:
        self.source = rtc.AudioSource(VOICE_RATE_HZ, 1, queue_size_ms=_QUEUE_MS)

    async def publish(self, room: rtc.Room) -> None:
        track = rtc.LocalAudioTrack.create_audio_track("interviewer", self.source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)

    async def aclose(self) -> None:
        await self.source.aclose()


class RoomEars(Ears):
    """Hears whatever track it was last given, and silence while there is none."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="room")
        self._heard: asyncio.Queue[Pcm] = asyncio.Queue()
        self._track: rtc.Track | None = None
        self._listening: asyncio.Task[None] | None = None

    def listen_to(self, track: rtc.Track | None) -> None:
        if track is self._track:
            return
        self._track = track
        self._stop_listening()
        if track is not None:
            self._listening = asyncio.create_task(self._listen(track), name="room ears")

    def hear(self, pcm: Pcm) -> None:
        """This came from the track. Of what comes in a heap, after it was replaced by silence, only words are kept."""
        ahead_s = self.heard_until_s + self._waiting_s - self.timeline.now_s()
        if ahead_s < _AHEAD_S or np.abs(pcm).max(initial=0) > _QUIET:
            self._heard.put_nowait(pcm)

    async def read(self) -> Pcm:
        overdue_s = self.heard_until_s + _OVERDUE_S - self.timeline.now_s()
        try:
            async with asyncio.timeout(max(0.0, overdue_s)):
                return await self._heard.get()
        except TimeoutError:
            return silence(FRAME_S)

    @property
    def _waiting_s(self) -> float:
        return self._heard.qsize() * FRAME_S

    async def aclose(self) -> None:
        self._stop_listening()

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(
            track, sample_rate=RATE_HZ, num_channels=1, frame_size_ms=round(FRAME_S * 1000)
        )
        try:
            async for event in stream:
                self.hear(np.frombuffer(event.frame.data, dtype=np.int16))
        finally:
            await stream.aclose()

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()


class RoomMouth(Mouth):
    def __init__(self, timeline: Timeline, witness: Witness, voice: Voice) -> None:
        super().__init__(timeline, witness, label="room")
        self._source = voice.source
        self._playout = Playout(VOICE_RATE_HZ, head_start_s=_HEAD_START_S)
        self._waiting: asyncio.Queue[Pcm] = asyncio.Queue()
        self._sending = asyncio.create_task(self._send_on(), name="room mouth")

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        self._waiting.put_nowait(self._playout.add(pcm, rate_hz, at_s=self.timeline.now_s()))

    def clear_buffer(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._source.clear_queue()
        super().clear_buffer()

    async def aclose(self) -> None:
        await super().aclose()
        self._sending.cancel()
        await asyncio.wait([self._sending])

    async def _send_on(self) -> None:
        while True:
            pcm = await self._waiting.get()
            await self._source.capture_frame(rtc.AudioFrame(pcm.tobytes(), VOICE_RATE_HZ, 1, len(pcm)))
