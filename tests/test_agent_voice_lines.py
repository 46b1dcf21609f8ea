"""The two ends of a conversation, at twenty times real time."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from livekit import rtc
from livekit.agents.voice.io import PlaybackFinishedEvent

from agent.voice.headless import HeadlessEars, HeadlessMouth
from agent.voice.pcm import RATE_HZ, join, silence
from agent.voice.timeline import Timeline
from tests.fakes import Notebook


@pytest.fixture
async def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def mouth(notebook: Notebook) -> AsyncIterator[HeadlessMouth]:
    mouth = HeadlessMouth(Timeline(speed=20.0), notebook)
    yield mouth
    await mouth.aclose()


def frame(seconds: float, turn: str) -> rtc.AudioFrame:
    pcm = np.full(round(seconds * RATE_HZ), 1000, dtype=np.int16)
    return rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, len(pcm), userdata={"turn": turn})


def finishes(mouth: HeadlessMouth) -> list[PlaybackFinishedEvent]:
    events: list[PlaybackFinishedEvent] = []
    mouth.on("playback_finished", events.append)
    return events


async def test_an_utterance_is_played_in_real_time_and_finished_once(
    mouth: HeadlessMouth, notebook: Notebook
) -> None:
    events = finishes(mouth)
    for _ in range(4):
        await mouth.capture_frame(frame(0.25, "i1"))
    mouth.flush()
    await mouth.wait_for_playout()
    assert [(e.interrupted, round(e.playback_position, 2)) for e in events] == [(False, 1.0)]
    assert notebook.started == ["i1"]
    (played,) = notebook.ended
    assert played.share == 1.0
    assert played.end_s - played.start_s == pytest.approx(1.0, abs=0.01)
    assert len(join([pcm for _, pcm in notebook.interviewer])) == RATE_HZ


async def test_an_interrupted_utterance_says_how_much_of_it_was_heard(
    mouth: HeadlessMouth, notebook: Notebook
) -> None:
    events = finishes(mouth)
    await mouth.capture_frame(frame(10.0, "i1"))
    mouth.flush()
    await mouth.timeline.until(mouth.timeline.now_s() + 2.0)
    mouth.clear_buffer()
    mouth.clear_buffer()
    assert len(events) == 1
    assert events[0].interrupted
    (played,) = notebook.ended
    assert played.interrupted
    assert 0.1 < played.share < 0.5


async def test_what_is_cleared_while_it_is_still_made_stays_silent(
    mouth: HeadlessMouth, notebook: Notebook
) -> None:
    events = finishes(mouth)
    await mouth.capture_frame(frame(1.0, "i1"))
    mouth.clear_buffer()
    await mouth.capture_frame(frame(1.0, "i1"))
    mouth.flush()
    await mouth.capture_frame(frame(0.5, "i2"))
    mouth.flush()
    await mouth.wait_for_playout()
    assert [e.interrupted for e in events] == [True, False]
    assert notebook.started == ["i2"]


async def test_a_reply_waits_while_the_candidate_goes_on(mouth: HeadlessMouth, notebook: Notebook) -> None:
    mouth.may_start = lambda: False
    await mouth.capture_frame(frame(0.5, "i1"))
    mouth.flush()
    await mouth.timeline.until(mouth.timeline.now_s() + 2.0)
    assert notebook.started == []
    mouth.may_start = lambda: True
    await mouth.wait_for_playout()
    assert notebook.started == ["i1"]


async def test_utterances_follow_each_other_each_finished_for_itself(
    mouth: HeadlessMouth, notebook: Notebook
) -> None:
    events = finishes(mouth)
    for turn in ("i1", "i2", "i3"):
        await mouth.capture_frame(frame(0.2, turn))
        mouth.flush()
    await mouth.wait_for_playout()
    assert len(events) == 3
    assert [played.turn for played in notebook.ended] == ["i1", "i2", "i3"]


async def test_the_microphone_hears_words_when_they_are_said_and_silence_otherwise(
    notebook: Notebook,
) -> None:
    ears = HeadlessEars(Timeline(start_s=100.0, speed=5.0), notebook)
    said = np.full(RATE_HZ // 2, 1000, dtype=np.int16)

    async def listen() -> None:
        async for heard in ears:
            assert heard.sample_rate == RATE_HZ
            if heard.userdata["at_s"] > 102.0:
                return

    listening = asyncio.create_task(listen())
    await ears.timeline.until(100.5)
    began_s = ears.heard_until_s
    await ears.say(said)
    await listening
    heard = join([pcm for _, pcm in notebook.candidate])
    assert notebook.candidate[0][0] == pytest.approx(100.0, abs=0.5)
    assert (heard != 0).sum() == len(said)
    assert 100.0 + np.flatnonzero(heard)[0] / RATE_HZ == pytest.approx(began_s, abs=0.05)


async def test_a_noisy_room_is_never_silent(notebook: Notebook) -> None:
    ears = HeadlessEars(Timeline(speed=20.0), notebook, noise_dbfs=-40)
    await anext(ears)
    level = float(np.sqrt((notebook.candidate[0][1].astype(float) ** 2).mean()))
    assert 20 * np.log10(level / 32768) == pytest.approx(-40, abs=2)


async def test_breaking_off_frees_whoever_was_speaking(notebook: Notebook) -> None:
    ears = HeadlessEars(Timeline(), notebook)
    speaking = asyncio.create_task(ears.say(silence(60.0)))
    await asyncio.sleep(0)
    ears.hush()
    await speaking
