"""A conversation without devices: sound is fed in and taken out in memory, at the pace of the session's timeline."""

import asyncio
from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.voice.lines import FRAME_S, Ears, Mouth, Witness
from agent.voice.pcm import RATE_HZ, Pcm, silence
from agent.voice.timeline import Timeline

_FRAME = round(FRAME_S * RATE_HZ)


class HeadlessEars(Ears):
    """Hears what `say` is given, in real time, and the noise of the room otherwise."""

    def __init__(self, timeline: Timeline, witness: Witness, *, noise_dbfs: float | None = None) -> None:
        super().__init__(timeline, witness, label="headless")
        self._noise = 0.0 if noise_dbfs is None else 32768 * 10 ** (noise_dbfs / 20)
        self._chance = np.random.default_rng(0)
        self._pending: deque[tuple[Pcm, asyncio.Future[None]]] = deque()
        self._overlaid = silence(0)
        self._due_s = timeline.now_s()

    def feed(self, pcm: Pcm) -> asyncio.Future[None]:
        """Speak these samples (16 kHz) after all others; the future is done when the last of them was heard."""
        heard = asyncio.get_running_loop().create_future()
        self._pending.append((pcm, heard))
        return heard

    async def say(self, pcm: Pcm) -> None:
        await self.feed(pcm)

    def overlay(self, pcm: Pcm) -> None:
        """Have these samples heard from now on, on top of all others."""
        self._overlaid = np.concatenate([self._overlaid, pcm])

    def hush(self) -> None:
        """Break off whatever is being said."""
        while self._pending:
            self._done(self._pending.popleft()[1])

    async def read(self) -> Pcm:
        self._due_s += FRAME_S
        await self.timeline.until(self._due_s)
        frame = silence(FRAME_S)
        filled = 0
        while filled < _FRAME and self._pending:
            pcm, heard = self._pending.popleft()
            part = pcm[: _FRAME - filled]
            frame[filled : filled + len(part)] = part
            filled += len(part)
            if len(part) < len(pcm):
                self._pending.appendleft((pcm[len(part) :], heard))
            else:
                self._done(heard)
        if self._noise:
            frame = _mixed(frame, self._chance.normal(0.0, self._noise, _FRAME))
        if len(self._overlaid):
            frame = _mixed(frame, self._overlaid[:_FRAME])
            self._overlaid = self._overlaid[_FRAME:]
        return frame

    async def aclose(self) -> None:
        self.hush()

    @staticmethod
    def _done(heard: asyncio.Future[None]) -> None:
        if not heard.done():
            heard.set_result(None)


def _mixed(frame: Pcm, more: npt.NDArray[Any]) -> Pcm:
    sound = frame.astype(np.float64)
    sound[: len(more)] += more
    return np.clip(sound, -32768, 32767).astype(np.int16)


class HeadlessMouth(Mouth):
    """Keeps nothing of what it plays: the witness has it all."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="headless")

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        pass


class Headless:
    """Devices for `converse` that exist only in memory; the ends are there once the conversation has begun."""

    def __init__(self, *, noise_dbfs: float | None = None) -> None:
        self.noise_dbfs = noise_dbfs
        self.opened = asyncio.Event()
        self.ears: HeadlessEars
        self.mouth: HeadlessMouth

    def __call__(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        self.ears = HeadlessEars(timeline, witness, noise_dbfs=self.noise_dbfs)
        self.mouth = HeadlessMouth(timeline, witness)
        self.opened.set()
        return self.ears, self.mouth
