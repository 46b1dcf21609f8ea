"""The recogniser's stream with real voice activity detection and a whisper that only takes note of what it is given."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import stt

from agent.settings import Settings
from agent.voice.models import SpeechModels, load_speech_models
from agent.voice.patience import Patience
from agent.voice.pcm import RATE_HZ, Pcm, join, last_sound_s, resample, silence
from agent.voice.stt import WhisperSTT
from agent.voice.turns import MOST_AT_ONCE_S
from agent.voice.whisper import Whisper
from agent.voice.words import Word, spread

FRAME = RATE_HZ // 50


class NotedWhisper:
    """Says a word a second, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[Pcm] = []

    async def transcribe(self, pcm: Pcm, *, terms: Sequence[str] = (), before: str = "") -> list[Word]:
        self.given.append(pcm)
        length_s = len(pcm) / RATE_HZ
        return spread(" ".join(f"w{number}" for number in range(max(1, int(length_s)))) + ".", 0.0, length_s)


@pytest.fixture
def models(settings: Settings) -> SpeechModels:
    return load_speech_models(settings)


def speech_of(models: SpeechModels, text: str) -> Pcm:
    return resample(join(list(models.piper.sentences(text))), models.piper.rate_hz, RATE_HZ)


async def listen(recogniser: WhisperSTT, pcm: Pcm, *, at_s: float = 0.0) -> list[stt.SpeechEvent]:
    """As fast as it goes: the recogniser's time is that of the sound."""
    stream = recogniser.stream()
    for start in range(0, len(pcm) - FRAME, FRAME):
        data = pcm[start : start + FRAME].tobytes()
        stream.push_frame(rtc.AudioFrame(data, RATE_HZ, 1, FRAME, userdata={"at_s": at_s + start / RATE_HZ}))
        if start % (50 * FRAME) == 0:
            await asyncio.sleep(0.0)
    stream.end_input()
    events = [event async for event in stream]
    await stream.aclose()
    return events


def finals(events: Sequence[stt.SpeechEvent]) -> list[str]:
    return [e.alternatives[0].text for e in events if e.type == stt.SpeechEventType.FINAL_TRANSCRIPT]


@pytest.mark.models
async def test_an_answer_of_minutes_without_a_pause_is_one_turn_and_nothing_of_it_is_lost(
    models: SpeechModels,
) -> None:
    sentence = speech_of(
        models, "we moved the features to the online store and then we moved the rest as well"
    )
    loud = sentence[np.abs(sentence) > 0]
    long = join([loud] * round(150 * RATE_HZ / len(loud)))
    whisper = NotedWhisper()
    recogniser = WhisperSTT(cast(Whisper, whisper), patience=Patience(stage_s=1.0))
    events = await listen(recogniser, join([silence(1.0), long, silence(6.0)]))
    assert len(finals(events)) == 1
    assert all(len(pcm) <= (MOST_AT_ONCE_S + 1) * RATE_HZ for pcm in whisper.given)
    heard_s = sum(len(pcm) for pcm in whisper.given) / RATE_HZ
    assert heard_s == pytest.approx(len(long) / RATE_HZ, rel=0.05)


class DeafToHums(NotedWhisper):
    """Says a finished sentence that ends `hum_s` before the sound does."""

    def __init__(self, hum_s: float) -> None:
        super().__init__()
        self.hum_s = hum_s

    async def transcribe(self, pcm: Pcm, *, terms: Sequence[str] = (), before: str = "") -> list[Word]:
        sentence = "We moved the features to the online store and cut the latency by half."
        ends_s = (last_sound_s(pcm) or 0.0) - self.hum_s
        return spread(sentence, 0.0, ends_s)


@pytest.mark.models
@pytest.mark.parametrize(("hum_s", "turns"), [(0.1, 2), (0.8, 1)])
async def test_a_hum_that_the_recogniser_leaves_out_keeps_the_turn_open(
    hum_s: float, turns: int, models: SpeechModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sounds_final(pcm: Pcm) -> float:
        return 1.0

    monkeypatch.setattr("agent.voice.stt.sounds_like_end", sounds_final)
    speech = speech_of(models, "we moved the features to the online store and cut the latency by half")
    recogniser = WhisperSTT(cast(Whisper, DeafToHums(hum_s)))
    events = await listen(recogniser, join([silence(1.0), speech, silence(1.8), speech, silence(6.0)]))
    assert len(finals(events)) == turns


@pytest.mark.models
async def test_words_lie_on_the_sessions_timeline_across_pauses(models: SpeechModels) -> None:
    first, second = speech_of(models, "We moved it because"), speech_of(models, "nobody used the old one.")
    sound = join([silence(2.0), first, silence(2.5), second, silence(5.0)])
    recogniser = WhisperSTT(models.whisper, patience=Patience(stage_s=1.0))
    events = await listen(recogniser, sound, at_s=100.0)
    (text,) = finals(events)
    heard = recogniser.take(text)
    assert heard is not None
    second_from_s = 102.0 + len(first) / RATE_HZ + 2.5
    late = [word for word in heard.words if word.text.lower().startswith("nobody")]
    assert late[0].start_s == pytest.approx(second_from_s, abs=0.4)
    assert heard.words[0].start_s == pytest.approx(102.0, abs=0.4)
    assert heard.last_sound_s == pytest.approx(second_from_s + len(second) / RATE_HZ, abs=0.4)
    assert recogniser.settled


@pytest.mark.models
async def test_a_recording_can_be_recognised_whole(models: SpeechModels, tmp_path: Path) -> None:
    pcm = speech_of(models, "The features moved to the online store.")
    frame = rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, len(pcm))
    event = await WhisperSTT(models.whisper).recognize(frame)
    assert "online store" in event.alternatives[0].text
