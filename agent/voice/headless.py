"""A conversation without devices: sound is fed in and taken out in memory, at the pace of the session's timeline."""

import asyncio
from collections import deque

from agent.voice.lines import FRAME_S, Ears, Mouth, Witness
from agent.voice.pcm import RATE_HZ, Pcm, silence
from agent.voice.timeline import Timeline

_FRAME = round(FRAME_S * RATE_HZ)


class HeadlessEars(Ears):
    """Hears what `say` is given, in real time, and silence otherwise."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="headless")
        self._pending: deque[tuple[Pcm, asyncio.Future[None]]] = deque()
        self._due_s = timeline.now_s()
        self.closed = False

    async def say(self, pcm: Pcm) -> None:
        """Speak these samples (16 kHz) into the microphone; returns when the last of them was heard."""
        heard = asyncio.get_running_loop().create_future()
        self._pending.append((pcm, heard))
        await heard

    def hush(self) -> None:
        """Break off whatever is being said."""
        while self._pending:
            self._done(self._pending.popleft()[1])

    async def read(self) -> Pcm:
        if self.closed:
            raise StopAsyncIteration
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
        return frame

    @staticmethod
    def _done(heard: asyncio.Future[None]) -> None:
        if not heard.done():
            heard.set_result(None)


class HeadlessMouth(Mouth):
    """Keeps nothing of what it plays: the witness has it all."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="headless")

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        pass
