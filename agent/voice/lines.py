"""The two ends of a conversation for livekit-agents: what the session hears with, and what it speaks with.

`Ears` and `Mouth` keep the session's timeline and hand every sound to a recorder; their kinds (headless, sound card,
browser) only say where sound comes from and where it goes.
"""

import asyncio
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from livekit import rtc
from livekit.agents.voice import io

from agent.voice.pcm import RATE_HZ, Pcm
from agent.voice.timeline import Timeline

FRAME_S = 0.02


@dataclass(frozen=True)
class Played:
    """What became of an utterance."""

    turn: str
    start_s: float
    end_s: float
    share: float
    """How much of it was heard, 0-1."""
    interrupted: bool


class Witness(Protocol):
    """Told of every sound as it is heard or played, and of the interviewer's utterances."""

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None: ...

    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None: ...

    def utterance_started(self, turn: str, at_s: float) -> None: ...

    def utterance_ended(self, played: Played) -> None: ...


class Ears(io.AudioInput):
    """A microphone at 16 kHz. Always sends, silence too: voice activity detection needs to hear it."""

    def __init__(self, timeline: Timeline, witness: Witness, *, label: str) -> None:
        super().__init__(label=label)
        self.timeline = timeline
        self.muted = False
        """Hears silence only, and so does the recording."""
        self._witness = witness
        self.heard_until_s = timeline.now_s()

    @abstractmethod
    async def read(self) -> Pcm:
        """The next sound, as it comes in; sound that was lost on the way is replaced by silence.

        Raises StopAsyncIteration when there will be no more.
        """

    async def aclose(self) -> None:
        """Let go of the device."""

    async def __anext__(self) -> rtc.AudioFrame:
        pcm = await self.read()
        if self.muted:
            pcm = np.zeros_like(pcm)
        at_s = self.heard_until_s
        self.heard_until_s = at_s + len(pcm) / RATE_HZ
        self._witness.candidate_sound(pcm, at_s)
        return rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, len(pcm), userdata={"at_s": at_s})


@dataclass
class _Utterance:
    """One segment of playback: exactly one `playback_finished` is owed for it."""

    turn: str
    rate_hz: int
    parts: deque[Pcm] = field(default_factory=deque)
    total: int = 0
    """Samples given to be played so far."""
    played: int = 0
    start_s: float | None = None
    complete: bool = False


class Mouth(io.AudioOutput):
    """A loudspeaker. Frames carry the turn that they belong to as `turn` in their user data.

    A new utterance waits while `may_start` says no: that keeps a reply from running into a candidate who goes on.
    """

    def __init__(self, timeline: Timeline, witness: Witness, *, label: str) -> None:
        super().__init__(label=label, capabilities=io.AudioOutputCapabilities(pause=False))
        self.timeline = timeline
        self.may_start: Callable[[], bool] = lambda: True
        self.held = False
        """Nobody is there to hear it: it stays silent, and goes on in the same place."""
        self._witness = witness
        self._queue: deque[_Utterance] = deque()
        self._dropping = False
        self._playing = asyncio.create_task(self._play(), name="mouth")

    @abstractmethod
    def send(self, pcm: Pcm, rate_hz: int) -> None:
        """Make this sound now. It is asked for in real time, 20 ms at a time, and must not wait."""

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        before = self.captured_playout_segments
        await super().capture_frame(frame)
        if self.captured_playout_segments > before:
            self._dropping = False
            self._queue.append(_Utterance(str(frame.userdata.get("turn", "")), frame.sample_rate))
        if not self._dropping:
            pcm = np.frombuffer(frame.data, dtype=np.int16)
            self._queue[-1].parts.append(pcm)
            self._queue[-1].total += len(pcm)

    def flush(self) -> None:
        super().flush()
        if self._queue:
            self._queue[-1].complete = True

    def clear_buffer(self) -> None:
        self._dropping = bool(self._queue) and not self._queue[-1].complete
        while self._queue:
            self._end(self._queue.popleft(), interrupted=True)

    async def aclose(self) -> None:
        self._playing.cancel()
        await asyncio.wait([self._playing])

    async def _play(self) -> None:
        """The loudspeaker's own clock: takes what is due every 20 ms, and catches up when it was held up."""
        at_s = self.timeline.now_s()
        while True:
            await self.timeline.until(at_s + FRAME_S)
            if not self._queue or self.held:
                at_s = self.timeline.now_s()
                continue
            at_s = self._speak_until(at_s, self.timeline.now_s())

    def _speak_until(self, at_s: float, now_s: float) -> float:
        utterance = self._queue[0]
        if utterance.start_s is None:
            if not utterance.parts or not self.may_start():
                return now_s
            at_s = utterance.start_s = now_s - FRAME_S
            self.on_playback_started(created_at=time.time())
            self._witness.utterance_started(utterance.turn, at_s)
        pcm = _take(utterance, round((now_s - at_s) * utterance.rate_hz))
        if len(pcm):
            self._witness.interviewer_sound(pcm, at_s, utterance.rate_hz)
            self.send(pcm, utterance.rate_hz)
            at_s += len(pcm) / utterance.rate_hz
        if utterance.complete and not utterance.parts:
            self._queue.popleft()
            self._end(utterance, interrupted=False)
        return at_s if utterance.parts else now_s

    def _end(self, utterance: _Utterance, *, interrupted: bool) -> None:
        position_s = utterance.played / utterance.rate_hz
        if utterance.start_s is not None:
            share = utterance.played / utterance.total
            end_s = utterance.start_s + position_s if not interrupted else self.timeline.now_s()
            self._witness.utterance_ended(
                Played(utterance.turn, utterance.start_s, end_s, share, interrupted)
            )
        self.on_playback_finished(playback_position=position_s, interrupted=interrupted)


def _take(utterance: _Utterance, samples: int) -> Pcm:
    taken: list[Pcm] = []
    while samples > 0 and utterance.parts:
        part = utterance.parts.popleft()
        if len(part) > samples:
            utterance.parts.appendleft(part[samples:])
            part = part[:samples]
        taken.append(part)
        samples -= len(part)
        utterance.played += len(part)
    return np.concatenate(taken) if taken else np.zeros(0, dtype=np.int16)
