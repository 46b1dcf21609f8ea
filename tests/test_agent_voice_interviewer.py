"""Conversations with a silent candidate, ten times as fast: no recogniser and no voice model is needed for these."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from agent.errors import SessionError
from agent.sessions import read_lines
from agent.voice.conductor import Reply
from agent.voice.headless import Headless
from agent.voice.lines import Played
from agent.voice.models import SpeechModels
from agent.voice.pcm import Pcm
from agent.voice.piper import Piper
from agent.voice.session import Sitting, converse
from agent.voice.whisper import Whisper
from agent.voice.words import Heard, SpokenTurn
from graphs.models import Utterance, View
from tests.fakes import ScriptedInterview

SPEED = 10.0


class Hum:
    """A voice that hums: a twentieth of a second for each character."""

    rate_hz = 22_050

    async def speak(self, text: str, *, pace: float = 1.0, volume: float = 1.0) -> AsyncIterator[Pcm]:
        yield np.full(self.rate_hz * len(text) // 20, 1000, dtype=np.int16)


@pytest.fixture
def models() -> SpeechModels:
    return SpeechModels(whisper=cast(Whisper, None), piper=cast(Piper, Hum()))


class Watcher:
    """Notes what happens, and may stop the sitting at some words."""

    def __init__(self, sitting: Sitting, *, stop_at: str = "never") -> None:
        self._sitting = sitting
        self._stop_at = stop_at
        self.said_: list[tuple[str, float]] = []
        self.floors = 0

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        if utterance.text == self._stop_at:
            self._sitting.stop()

    def said(self, utterance: Utterance, played: Played) -> None:
        self.said_.append((utterance.text, played.end_s))

    def floor_opened(self, reply: Reply) -> None:
        self.floors += 1

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None: ...


async def hold(
    interview: ScriptedInterview, folder: Path, models: SpeechModels, *, stop_at: str = "never"
) -> Watcher:
    sitting = Sitting()
    watcher = Watcher(sitting, stop_at=stop_at)
    async with asyncio.timeout(30):
        await converse(
            interview, Headless(), folder, models=models, sitting=sitting, listeners=[watcher], speed=SPEED
        )
    return watcher


async def test_an_interview_that_ends_says_its_last_word_first(models: SpeechModels, tmp_path: Path) -> None:
    watcher = await hold(ScriptedInterview([]), tmp_path, models)
    assert [text for text, _ in watcher.said_] == [
        "Hello, I am an A I interviewer.",
        "That was all from my side. Goodbye.",
    ]
    assert watcher.floors == 0
    lines = read_lines(tmp_path / "words.jsonl", SpokenTurn)
    assert [line.speaker for line in lines] == ["interviewer", "interviewer"]
    assert lines[0].end_s <= lines[1].start_s


async def test_a_silent_candidate_is_given_time_and_then_a_word(models: SpeechModels, tmp_path: Path) -> None:
    interview = ScriptedInterview(["What did you change?"])
    watcher = await hold(interview, tmp_path, models, stop_at="Take your time.")
    (told,) = interview.told
    assert told[0] == "silence"
    assert int(told[1]) >= 15
    assert watcher.floors >= 1


async def test_a_sitting_that_is_left_can_be_carried_on(models: SpeechModels, tmp_path: Path) -> None:
    first = await hold(ScriptedInterview(["What?"]), tmp_path, models, stop_at="What?")
    ended_s = read_lines(tmp_path / "words.jsonl", SpokenTurn)[-1].end_s
    await hold(ScriptedInterview([]), tmp_path, models)
    again = read_lines(tmp_path / "words.jsonl", SpokenTurn)
    assert first.said_[0][0] == "Hello, I am an A I interviewer."
    assert again[-1].start_s > ended_s


class Broken(ScriptedInterview):
    async def begin(self) -> AsyncIterator[Utterance]:
        yield self._say("greeting", "Hello.")
        raise SessionError("interview.sqlite: the disk is full")


async def test_a_failing_interview_ends_the_sitting_with_its_own_error(
    models: SpeechModels, tmp_path: Path
) -> None:
    with pytest.raises(SessionError, match="disk is full"):
        await hold(Broken([]), tmp_path, models)
    assert (tmp_path / "latency.json").exists()


async def test_a_recording_that_cannot_be_written_ends_the_sitting(
    models: SpeechModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, pcm: Pcm, at_s: float) -> None:
        raise SessionError("candidate.wav: the disk is full")

    monkeypatch.setattr("agent.voice.recording.Recording.candidate_sound", full)
    with pytest.raises(SessionError, match=r"candidate.wav"):
        await hold(ScriptedInterview(["What?"]), tmp_path, models)
