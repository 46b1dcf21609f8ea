"""The browser's two ends: nothing said is lost or heard twice, and time stands still while nobody is connected."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from livekit import rtc

from agent.room.line import FRAME_BYTES, FRAME_SAMPLES, BrowserEars, BrowserLine, BrowserMouth
from agent.room.messages import Clear, Received, ToPage
from agent.voice.lines import FRAME_S
from agent.voice.pcm import RATE_HZ, Pcm, join
from agent.voice.timeline import Timeline
from tests.fakes import Notebook


class Page:
    """A client that remembers what it was told and played."""

    def __init__(self) -> None:
        self.told: list[ToPage] = []
        self.played = 0
        self._enough = (0, asyncio.Event())

    def tell(self, message: ToPage) -> None:
        self.told.append(message)

    def play(self, pcm: Pcm) -> None:
        self.played += len(pcm)
        if self.played >= self._enough[0]:
            self._enough[1].set()

    async def has_played(self, samples: int) -> None:
        self._enough = (samples, asyncio.Event())
        async with asyncio.timeout(1):
            await self._enough[1].wait()


class MovedTimeline(Timeline):
    """Goes only where it is moved, and to whatever is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s

    async def until(self, at_s: float) -> None:
        self.at_s = max(self.at_s, at_s)
        await asyncio.sleep(0)


def frames(first: int, count: int) -> bytes:
    """Loud frames, each of which holds its own number."""
    return np.repeat(np.arange(first, first + count) + 1000, FRAME_SAMPLES).astype("<i2").tobytes()


def numbers(pcm: Pcm) -> list[int]:
    """Of the frames in it; -1 for a silent one."""
    return [int(value) - 1000 if value else -1 for value in pcm[::FRAME_SAMPLES]]


class Call:
    """A line that is open, with the page that is connected to it."""

    def __init__(self) -> None:
        self.timeline, self.notebook, self.page, self.line = (
            MovedTimeline(),
            Notebook(),
            Page(),
            BrowserLine(),
        )

    def open(self, *, microphone: bool = True) -> None:
        self.line.connect(self.page, stream="a", captured=0, microphone=microphone)
        self.pick_up()

    def pick_up(self) -> None:
        ears, mouth = self.line(self.timeline, self.notebook)
        assert isinstance(ears, BrowserEars)
        assert isinstance(mouth, BrowserMouth)
        self.ears, self.mouth = ears, mouth

    async def hear(self, seconds: float) -> list[int]:
        """The frames of so much sound, which must be there."""
        pieces: list[Pcm] = []
        async with asyncio.timeout(1):
            while sum(map(len, pieces)) < round(seconds * RATE_HZ):
                frame = await anext(self.ears)
                pieces.append(np.frombuffer(frame.data, dtype=np.int16))
        return numbers(join(pieces))


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    call = Call()
    yield call
    await call.mouth.aclose()


def reconnect(call: Call, *, stream: str, captured: int) -> Page:
    page = Page()
    call.line.connect(page, stream=stream, captured=captured, microphone=True)
    return page


async def test_frames_are_heard_in_order_and_confirmed_once_they_are_sure_to_be_on_the_disk(
    call: Call,
) -> None:
    call.open()
    call.line.frames(0, frames(0, 130))
    assert await call.hear(130 * FRAME_S) == list(range(130))
    assert call.page.told == [Received(next_frame=30)]


async def test_what_a_page_has_left_of_a_sitting_that_broke_off_is_not_heard_as_if_it_was_said_now(
    call: Call,
) -> None:
    call.line.connect(call.page, stream="a", captured=40, microphone=True, held=10)
    assert call.line.next_frame == 10
    call.line.frames(10, frames(10, 20))
    waiting = asyncio.ensure_future(call.line.left_over())
    await asyncio.sleep(0)
    assert not waiting.done()
    call.line.frames(30, frames(30, 15))
    assert numbers(await waiting) == list(range(10, 40))
    call.pick_up()
    call.line.frames(45, frames(45, 2))
    assert await call.hear(2 * FRAME_S) == [45, 46]


async def test_a_first_page_without_anything_left_is_not_waited_for(call: Call) -> None:
    call.open()
    assert len(await call.line.left_over()) == 0


async def test_what_is_sent_again_after_a_dropped_connection_is_heard_once(call: Call) -> None:
    call.open()
    call.line.frames(0, frames(0, 10))
    call.line.disconnect()
    call.timeline.at_s = 30 * FRAME_S
    reconnect(call, stream="a", captured=30)
    assert call.line.next_frame == 10
    call.line.frames(5, frames(5, 25))
    assert await call.hear(30 * FRAME_S) == list(range(30))
    assert call.ears.behind_s == pytest.approx(0.0)


async def test_time_without_a_page_is_silence_once_a_new_page_speaks(call: Call) -> None:
    call.open()
    call.line.frames(0, frames(0, 10))
    call.line.disconnect()
    call.timeline.at_s = 20 * FRAME_S
    reconnect(call, stream="b", captured=0)
    call.timeline.at_s = 25 * FRAME_S
    call.line.frames(0, frames(40, 5))
    heard = await call.hear(30 * FRAME_S)
    assert heard[:10] == list(range(10))
    assert heard[-5:] == list(range(40, 45))
    assert set(heard[10:-5]) == {-1}


async def test_a_reload_sends_what_it_kept_before_the_silence_of_the_reload(call: Call) -> None:
    call.open()
    call.line.frames(0, frames(0, 10))
    call.line.disconnect()
    call.timeline.at_s = 50 * FRAME_S
    reconnect(call, stream="a", captured=20)
    call.line.frames(10, frames(10, 10))
    call.line.frames(20, frames(20, 2))
    heard = await call.hear(52 * FRAME_S)
    assert heard[:20] == list(range(20))
    assert set(heard[20:50]) == {-1}
    assert heard[50:] == [20, 21]


async def test_nothing_is_heard_while_nobody_is_connected(call: Call) -> None:
    call.open()
    call.line.disconnect()
    hearing = asyncio.ensure_future(anext(call.ears))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not hearing.done()
    call.line.give_up()
    await hearing
    assert numbers(np.frombuffer(hearing.result().data, dtype=np.int16)) == [-1]


async def test_without_a_microphone_silence_is_heard_in_real_time(call: Call) -> None:
    call.open(microphone=False)
    assert set(await call.hear(1.0)) == {-1}
    assert call.timeline.at_s == pytest.approx(1.0, abs=2 * FRAME_S)


async def test_an_older_page_and_half_a_frame_change_nothing(call: Call) -> None:
    call.open()
    call.line.frames(0, frames(0, 2) + b"\x01")
    call.line.frames(0, frames(0, 1))
    call.line.frames(2, frames(2, 1)[: FRAME_BYTES - 1])
    assert await call.hear(2 * FRAME_S) == [0, 1]
    assert call.line.next_frame == 2


async def _spoken(call: Call, seconds: float) -> None:
    pcm = np.full(round(seconds * RATE_HZ), 1000, dtype=np.int16)
    await call.mouth.capture_frame(
        rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, len(pcm), userdata={"turn": "i1"})
    )
    call.mouth.flush()


async def test_the_voice_waits_while_nobody_is_connected_and_goes_on_in_the_same_place(call: Call) -> None:
    call.open()
    await _spoken(call, 1.0)
    await call.page.has_played(RATE_HZ // 2)
    call.line.disconnect()
    before = call.page.played
    call.timeline.at_s += 60.0
    for _ in range(20):
        await asyncio.sleep(0)
    assert call.notebook.ended == []
    page = reconnect(call, stream="b", captured=0)
    async with asyncio.timeout(1):
        await call.mouth.wait_for_playout()
    assert before + page.played == RATE_HZ
    assert [(played.share, played.interrupted) for played in call.notebook.ended] == [(1.0, False)]


async def test_an_interruption_tells_the_page_to_fall_silent(call: Call) -> None:
    call.open()
    await _spoken(call, 1.0)
    await call.page.has_played(RATE_HZ // 4)
    call.mouth.clear_buffer()
    assert call.page.told == [Clear()]
    assert call.notebook.ended[0].interrupted
