"""The two ends of a conversation in a room, without a room."""

import asyncio

import numpy as np
from livekit import rtc

from agent.voice.lines import Played
from agent.voice.pcm import RATE_HZ, Pcm
from agent.voice.playout import Playout
from agent.voice.timeline import Timeline
from agent.worker.lines import RoomEars, RoomMouth, Voice


class Nobody:
    def __init__(self) -> None:
        self.ended: asyncio.Queue[Played] = asyncio.Queue()

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None: ...
    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None: ...
    def utterance_started(self, turn: str, at_s: float) -> None: ...
    def utterance_ended(self, played: Played) -> None:
        self.ended.put_nowait(played)


def spoken(seconds: float, rate_hz: int) -> rtc.AudioFrame:
    pcm = (8000 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.int16)
    return rtc.AudioFrame(pcm.tobytes(), rate_hz, 1, len(pcm), userdata={"turn": "i1"})


async def test_a_candidate_without_a_microphone_is_heard_as_silence_in_real_time() -> None:
    ears = RoomEars(Timeline(start_s=40.0), Nobody())
    async for frame in ears:
        if frame.userdata["at_s"] >= 40.5:
            break
    assert not np.frombuffer(frame.data, dtype=np.int16).any()
    assert 0.0 < ears.timeline.now_s() - ears.heard_until_s < 0.5
    await ears.aclose()


async def test_what_comes_in_a_heap_brings_its_words_and_not_its_silence() -> None:
    ears = RoomEars(Timeline(), Nobody())
    word = np.full(RATE_HZ // 50, 4000, dtype=np.int16)
    for _ in range(200):
        ears.hear(np.zeros_like(word))
    for _ in range(10):
        ears.hear(word)
    heard = [np.frombuffer((await anext(ears)).data, dtype=np.int16) for _ in range(40)]
    assert sum(frame.any() for frame in heard) == 10
    assert ears.heard_until_s - ears.timeline.now_s() < 1.0
    await ears.aclose()


async def test_what_the_interviewer_says_reaches_its_track_and_can_be_taken_back() -> None:
    witness, voice = Nobody(), Voice()
    mouth = RoomMouth(Timeline(), witness, voice)
    await mouth.capture_frame(spoken(0.3, 22_050))
    mouth.flush()
    assert (await asyncio.wait_for(witness.ended.get(), 5)).share == 1.0
    assert voice.source.queued_duration > 0.0
    await mouth.capture_frame(spoken(5.0, 22_050))
    mouth.flush()
    await mouth.timeline.until(mouth.timeline.now_s() + 0.3)
    mouth.clear_buffer()
    assert voice.source.queued_duration == 0.0
    assert (await asyncio.wait_for(witness.ended.get(), 5)).interrupted
    await mouth.aclose()
    await voice.aclose()


def test_a_voice_keeps_its_length_and_gets_a_head_start_after_each_pause() -> None:
    playout = Playout(48_000, head_start_s=0.06)
    tone = np.full(RATE_HZ // 50, 4000, dtype=np.int16)
    head = round(0.06 * 48_000)
    first = [playout.add(tone, RATE_HZ, at_s=at / 50) for at in range(50)]
    later = playout.add(tone, RATE_HZ, at_s=3.0)
    assert not first[0][:head].any()
    held_back_s = (48_000 + head - sum(map(len, first))) / 48_000
    assert 0.0 <= held_back_s < 0.03
    assert not later[:head].any()
