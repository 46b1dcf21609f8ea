"""The two ends of a conversation whose microphone and loudspeaker are in a browser that may come and go.

While nobody is connected time stands still for both ends: the interviewer's voice waits, and what the page recorded
meanwhile is heard when it comes back, in the order in which it was said.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Literal, Protocol

import numpy as np

from agent.room.messages import Clear, Received, ToPage
from agent.voice.lines import FRAME_S, Ears, Mouth, Witness
from agent.voice.pcm import RATE_HZ, Pcm, join, silence
from agent.voice.timeline import Timeline

FRAME_SAMPLES = round(FRAME_S * RATE_HZ)
FRAME_BYTES = 2 * FRAME_SAMPLES
_MISSED_S = 1.5
"""A connected microphone that has been still for longer has lost what it would have sent."""
_PIECE_S = 0.5
_AHEAD_S = 0.5
_QUIET = 300
_RECEIPT_FRAMES = 25
_UNSAFE_FRAMES = 100
"""The last two seconds are not confirmed yet: the recording of them may still be on its way to the disk."""
_LEFT_OVER_WITHIN_S = 5.0
Mode = Literal["away", "hearing", "silent"]


class Client(Protocol):
    """A page that is connected. Neither call waits."""

    def tell(self, message: ToPage) -> None: ...

    def play(self, pcm: Pcm) -> None: ...


class BrowserEars(Ears):
    """Hears what `sound` is given: while a page with a microphone is connected that, and silence where it fails."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="browser")
        self._waiting: deque[Pcm] = deque()
        self._waiting_samples = 0
        self._stirred = asyncio.Event()
        self._mode: Mode = "away"

    @property
    def behind_s(self) -> float:
        """How much of what was said has not come yet, or was never recorded."""
        return self.timeline.now_s() - self.heard_until_s - self._waiting_samples / RATE_HZ

    def connect(self, *, microphone: bool) -> None:
        """A page is there. Without a microphone nothing will come from it, nor has it recorded anything meanwhile."""
        self._turn("hearing" if microphone else "silent")
        if not microphone:
            self.catch_up()

    def catch_up(self) -> None:
        """What is missing up to now was never recorded: it was silence."""
        self._fill(self.behind_s)

    def wait(self) -> None:
        """Nobody is connected: time stands still."""
        self._turn("away")

    def give_up(self) -> None:
        """Nobody will come: hear silence, so that what was said can be brought to its end."""
        self._turn("silent")

    def sound(self, pcm: Pcm) -> None:
        if self.behind_s < -_AHEAD_S and np.abs(pcm).max(initial=0) < _QUIET:
            return
        self._waiting.append(pcm)
        self._waiting_samples += len(pcm)
        self._stirred.set()

    async def read(self) -> Pcm:
        while not self._waiting:
            self._stirred.clear()
            if self._mode == "silent":
                await self.timeline.until(self.heard_until_s + FRAME_S)
                return silence(FRAME_S)
            await self._stir()
            if self._mode == "hearing" and self.behind_s > _MISSED_S:
                self._fill(self.behind_s - _MISSED_S / 2)
        pcm = self._waiting.popleft()
        self._waiting_samples -= len(pcm)
        return pcm

    async def _stir(self) -> None:
        try:
            await asyncio.wait_for(self._stirred.wait(), _MISSED_S / 2 if self._mode == "hearing" else None)
        except TimeoutError:
            return

    def _fill(self, seconds: float) -> None:
        while seconds > FRAME_S:
            piece = silence(min(seconds, _PIECE_S))
            self._waiting.append(piece)
            self._waiting_samples += len(piece)
            seconds -= _PIECE_S

    def _turn(self, mode: Mode) -> None:
        self._mode = mode
        self._stirred.set()


class BrowserMouth(Mouth):
    """Speaks to the page that is connected."""

    def __init__(self, timeline: Timeline, witness: Witness) -> None:
        super().__init__(timeline, witness, label="browser")
        self.client: Client | None = None

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        if self.client is not None:
            self.client.play(pcm)

    def clear_buffer(self) -> None:
        if self.client is not None:
            self.client.tell(Clear())
        super().clear_buffer()


class BrowserLine:
    """Devices for `converse`, which opens them; a page may be connected before and after."""

    def __init__(self) -> None:
        self._ears: BrowserEars | None = None
        self._mouth: BrowserMouth | None = None
        self._client: Client | None = None
        self._microphone = False
        self._stream = ""
        self._fresh_from: int | None = 0
        """The first frame that the page records after it has connected."""
        self._left_over: list[Pcm] = []
        self._left_over_until = 0
        self._left_over_came = asyncio.Event()
        self.next_frame = 0

    def __call__(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        self._ears, self._mouth = BrowserEars(timeline, witness), BrowserMouth(timeline, witness)
        self._settle()
        return self._ears, self._mouth

    def connect(
        self, client: Client, *, stream: str, captured: int, microphone: bool, held: int | None = None
    ) -> None:
        """`held` is the first frame that the page has left of a sitting that broke off."""
        if not self._stream and held is not None:
            self._stream, self.next_frame, self._left_over_until = stream, held, captured
        if stream != self._stream:
            self._stream, self.next_frame = stream, captured
        if self.next_frame >= self._left_over_until:
            self._left_over_came.set()
        self._client, self._microphone, self._fresh_from = client, microphone, captured
        self._settle()

    async def left_over(self) -> Pcm:
        """What the first page had left of the sitting before, once that is here; the ears do not hear it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._left_over_came.wait(), _LEFT_OVER_WITHIN_S)
        return join(self._left_over)

    def disconnect(self) -> None:
        self._client = None
        if self._ears is not None and self._mouth is not None:
            self._ears.wait()
            self._mouth.client, self._mouth.held = None, True

    def give_up(self) -> None:
        if self._ears is not None:
            self._ears.give_up()

    def frames(self, first: int, data: bytes) -> None:
        """16-bit sound from the page, whole frames from number `first` on. What came before is not heard twice."""
        pcm = np.frombuffer(data[: len(data) // FRAME_BYTES * FRAME_BYTES], dtype="<i2").astype(np.int16)
        fresh = pcm[max(0, self.next_frame - first) * FRAME_SAMPLES :]
        if not len(fresh):
            return
        if self._ears is None:
            self._keep_left_over(max(first, self.next_frame), fresh)
            return
        if self._fresh_from is not None and first >= self._fresh_from:
            self._fresh_from = None
            self._ears.catch_up()
        self._ears.sound(fresh)
        before, self.next_frame = self.next_frame, first + len(pcm) // FRAME_SAMPLES
        if self._client is not None and before // _RECEIPT_FRAMES != self.next_frame // _RECEIPT_FRAMES:
            self._client.tell(Received(next_frame=max(0, self.next_frame - _UNSAFE_FRAMES)))

    def _keep_left_over(self, first: int, pcm: Pcm) -> None:
        if first < self._left_over_until:
            kept = pcm[: (self._left_over_until - first) * FRAME_SAMPLES]
            self._left_over.append(kept)
            self.next_frame = first + len(kept) // FRAME_SAMPLES
        if self.next_frame >= self._left_over_until:
            self._left_over_came.set()

    def _settle(self) -> None:
        if self._ears is None or self._mouth is None or self._client is None:
            return
        self._mouth.client, self._mouth.held = self._client, False
        self._ears.connect(microphone=self._microphone)
