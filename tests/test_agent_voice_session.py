"""Spoken interviews with the real recogniser, voice and voice activity detection; the interview itself is scripted."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.sessions import read_lines
from agent.settings import Settings
from agent.voice.bridging import Bridges
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.conductor import Reply
from agent.voice.headless import Headless
from agent.voice.lines import Played
from agent.voice.models import SpeechModels, load_speech_models
from agent.voice.pcm import RATE_HZ, Pcm, join, silence
from agent.voice.performer import Performer
from agent.voice.recording import Recording
from agent.voice.session import Sitting, converse
from agent.voice.words import Heard, SpokenTurn, spread
from graphs.manner import Manner, Spoken
from graphs.models import Utterance, View
from tests.fakes import ScriptedInterview

LONG_QUESTION = (
    "Tell me about a time when you changed how a team works, and please say what you did yourself, what the others "
    "did, how long it took, and what you would do differently today."
)
Act = Callable[[], Awaitable[None]]


@pytest.fixture
def models(settings: Settings) -> SpeechModels:
    return load_speech_models(settings)


@pytest.fixture
def voice(models: SpeechModels) -> CandidateVoice:
    return CandidateVoice(models.piper)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback and local sockets: a spoken interview needs no network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        assert self.family == socket.AF_UNIX or host in ("127.0.0.1", "::1", "localhost"), (
            f"reached for {host}"
        )
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class Director:
    """A listener that has things done when the interviewer begins an utterance, or gives the floor away."""

    def __init__(self) -> None:
        self.at_start: dict[str, Act] = {}
        """By the beginning of the utterance."""
        self.on_floor: list[Act] = []
        self.played: list[tuple[str, Played]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        for beginning, act in self.at_start.items():
            if utterance.text.startswith(beginning):
                self._do(act)

    def floor_opened(self, reply: Reply) -> None:
        if self.on_floor:
            self._do(self.on_floor.pop(0))

    def said(self, utterance: Utterance, played: Played) -> None:
        self.played.append((utterance.text, played))

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None: ...

    def _do(self, act: Act) -> None:
        async def doing() -> None:
            await act()

        task = asyncio.create_task(doing())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def spoken(text: str) -> Spoken:
    return Spoken(text, Manner(), 0.5)


def cough() -> Pcm:
    noise = np.random.default_rng(0).normal(0.0, 1.0, RATE_HZ * 3 // 10)
    burst = np.convolve(noise, np.ones(6) / 6, "same") * np.exp(-np.arange(len(noise)) / 1500) * 20_000
    return join([burst.astype(np.int16), silence(0.15), burst.astype(np.int16)])


def sound_of(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def words_of(models: SpeechModels, path: Path, from_s: float, to_s: float) -> str:
    pcm = sound_of(path)[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]
    return " ".join(word.text for word in models.whisper.read(pcm)).lower()


class Reads:
    """A candidate who reads out answers."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers

    def reply(self, view: View, said: list[Utterance]) -> Spoken | None:
        return spoken(self.answers.pop(0)) if self.answers else None


@pytest.mark.models
async def test_a_spoken_interview_is_heard_answered_and_recorded(
    models: SpeechModels, voice: CandidateVoice, tmp_path: Path
) -> None:
    interview = ScriptedInterview(["What did you change in your last team?", "How did you measure it?"])
    devices, sitting = Headless(noise_dbfs=-60), Sitting()
    answers = [
        "I moved the whole team to weekly demos.",
        "We counted how many experiments reached our customers.",
    ]
    performer = Performer(Reads(answers), voice, devices, on_failure=sitting.fail)
    async with asyncio.timeout(180):
        latency = await converse(
            interview, devices, tmp_path, models=models, sitting=sitting, listeners=[performer]
        )
    await performer.aclose()

    assert [kind for kind, _ in interview.told] == ["hear", "hear"]
    assert "weekly" in interview.told[0][1]
    assert "customers" in interview.told[1][1]
    candidate, interviewer = tmp_path / "candidate.wav", tmp_path / "interviewer.wav"
    assert len(sound_of(candidate)) == len(sound_of(interviewer))
    turns = read_lines(tmp_path / "words.jsonl", SpokenTurn)
    first, second = (turn for turn in turns if turn.speaker == "candidate")
    assert "weekly" in words_of(models, candidate, first.start_s - 0.3, first.end_s + 0.3)
    assert first.end_s < second.start_s
    asked = next(turn for turn in turns if turn.text == interview.questions[1])
    assert first.end_s < asked.start_s < asked.end_s < second.start_s
    assert "measure" in words_of(models, interviewer, asked.start_s, asked.end_s)
    assert latency.turns == 2
    assert json.loads((tmp_path / "latency.json").read_text())["steps"]["first_sound_s"]["count"] == 2


class Ponders(ScriptedInterview):
    """Finds its next question only when it is told to."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(questions)
        self.found = asyncio.Event()

    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self._note("hear", text, turn)
        self.next += 1
        await self.found.wait()
        yield self._ask()


@pytest.mark.models
async def test_a_long_search_for_a_reply_is_bridged_by_a_word_that_is_no_part_of_it(
    models: SpeechModels, voice: CandidateVoice, tmp_path: Path
) -> None:
    interview = Ponders(["What did you change?"])
    devices, sitting = Headless(), Sitting()
    performer = Performer(
        Reads(["I moved the whole team to weekly demos."]), voice, devices, on_failure=sitting.fail
    )
    director = Director()

    async def find() -> None:
        interview.found.set()

    director.at_start = dict.fromkeys(Bridges().all, find)
    async with asyncio.timeout(120):
        await converse(
            interview, devices, tmp_path, models=models, sitting=sitting, listeners=[performer, director]
        )
    await performer.aclose()
    *_, question, bridge, closing = (text for text, _ in director.played)
    assert (question, bridge in Bridges().all) == ("What did you change?", True)
    assert closing.startswith("That was all")


@pytest.mark.models
async def test_words_stop_the_interviewer_and_a_cough_does_not(
    models: SpeechModels, voice: CandidateVoice, tmp_path: Path
) -> None:
    interview = ScriptedInterview([LONG_QUESTION, LONG_QUESTION.replace("a team", "a company")])
    devices, director, sitting = Headless(), Director(), Sitting()
    interruption = await voice.render(spoken("Sorry, could I stop you there for a moment, please?"))
    answer = await voice.render(spoken("I moved the whole team to weekly demos."))
    times_asked: list[None] = []

    async def disturb() -> None:
        times_asked.append(None)
        await devices.ears.timeline.until(devices.ears.timeline.now_s() + 1.5)
        await devices.ears.say(cough() if len(times_asked) == 1 else interruption)

    async def leave() -> None:
        sitting.stop()

    director.at_start = {LONG_QUESTION[:30]: disturb}
    director.on_floor = [lambda: devices.ears.say(answer)]
    director.at_start["That was all"] = leave
    async with asyncio.timeout(180):
        await converse(interview, devices, tmp_path, models=models, sitting=sitting, listeners=[director])

    asked = [played for text, played in director.played if text.startswith(LONG_QUESTION[:30])]
    assert [played.interrupted for played in asked] == [False, True]
    assert asked[1].share < 0.9
    assert [kind for kind, _ in interview.told] == ["hear", "hear"]
    assert "stop you" in interview.told[1][1].lower()


@pytest.mark.models
async def test_a_mid_thought_pause_is_not_interrupted(
    models: SpeechModels, voice: CandidateVoice, tmp_path: Path
) -> None:
    interview = ScriptedInterview(["What did you change?", "And then?"])
    devices, director, sitting = Headless(), Director(), Sitting()
    first = await voice.render(spoken("I moved the whole team to weekly demos because"))
    rest = await voice.render(spoken("nobody knew what the others were working on."))

    async def leave() -> None:
        sitting.stop()

    director.on_floor = [lambda: devices.ears.say(join([first, silence(2.0), rest])), leave]
    async with asyncio.timeout(120):
        await converse(interview, devices, tmp_path, models=models, sitting=sitting, listeners=[director])

    assert "others were working on" in " ".join(text for _, text in interview.told)
    assert [kind for kind, _ in interview.told] in (["hear"], ["hear", "amend"])
    turns = read_lines(tmp_path / "words.jsonl", SpokenTurn)
    rest_from_s = max(turn.end_s for turn in turns if turn.speaker == "candidate") - len(rest) / RATE_HZ
    heard_before = [t for t in turns if t.speaker == "interviewer" and t.text == "And then?"]
    assert all(turn.start_s > rest_from_s for turn in heard_before)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from agent.settings import Settings
from agent.voice.bridging import Bridges
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.headless import Headless
from agent.voice.models import load_speech_models
from agent.voice.performer import Performer
from agent.voice.session import Sitting, converse
from graphs.manner import Manner, Spoken
from tests.fakes import ScriptedInterview

class Talker:
    def reply(self, view, said):
        asyncio.get_running_loop().call_later(8.0, os.kill, os.getpid(), signal.SIGKILL)
        text = "So we began with a very simple model, and then we added more and more to it. "
        return Spoken(text * 5, Manner(), 0.1)

async def main():
    models = load_speech_models(Settings())
    devices, sitting = Headless(), Sitting()
    performer = Performer(Talker(), CandidateVoice(models.piper), devices, on_failure=sitting.fail)
    interview = ScriptedInterview(["What did you build?"])
    await converse(interview, devices, Path(sys.argv[1]), models=models, sitting=sitting, listeners=[performer])

asyncio.run(main())
"""


@pytest.mark.models
async def test_what_was_said_when_the_process_was_killed_is_on_the_disk_and_heard_when_it_is_opened_again(
    models: SpeechModels, tmp_path: Path
) -> None:
    root = Path(__file__).parent.parent
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=root,
        capture_output=True,
        timeout=180,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    heard = sound_of(tmp_path / "candidate.wav")
    assert "simple model" in " ".join(w.text for w in models.whisper.read(heard[: 28 * RATE_HZ])).lower()
    assert len(sound_of(tmp_path / "interviewer.wav")) > 0
    recording = Recording(tmp_path)
    assert all(turn.speaker == "interviewer" for turn in recording.turns())
    recording.close()

    interview, sitting = ScriptedInterview(["What did you build?"]), Sitting()
    async for _ in interview.begin():
        pass
    sitting.stop()
    await converse(interview, Headless(), tmp_path, models=models, sitting=sitting)
    (kept,) = interview.told
    assert kept[0] == "keep"
    assert kept[1].lower().startswith("so we began with a very simple model")
    written = next(t for t in read_lines(tmp_path / "words.jsonl", SpokenTurn) if t.speaker == "candidate")
    assert written.text == kept[1]
    begins_s, ends_s = (float(at) / RATE_HZ for at in np.flatnonzero(np.abs(heard) > 1000)[[0, -1]])
    assert written.words[0].start_s == pytest.approx(begins_s, abs=0.6)
    assert ends_s - 0.6 < written.words[-1].end_s <= recording.length_s + 0.001


@pytest.mark.models
async def test_a_turn_that_was_heard_but_not_told_is_told_when_the_session_is_opened_again(
    models: SpeechModels, tmp_path: Path
) -> None:
    recording = Recording(tmp_path)
    words = spread("I moved the whole team to weekly demos.", 2.0, 5.0)
    recording.write_turn(SpokenTurn(turn="c1", speaker="candidate", start_s=2.0, end_s=5.0, words=words))
    recording.close()
    interview = ScriptedInterview(["What did you change?"])
    async with asyncio.timeout(60):
        await converse(interview, Headless(), tmp_path, models=models)
    assert interview.told == [("hear", "I moved the whole team to weekly demos.")]


@pytest.mark.models
def test_nobody_speaks_where_nobody_spoke(models: SpeechModels) -> None:
    hiss = np.random.default_rng(0).normal(0, 300, 2 * RATE_HZ).astype(np.int16)
    for sound in (silence(2.0), hiss, cough()):
        assert models.whisper.read(sound, ("Kafka", "nDCG"), "We built it.") == []


@pytest.mark.models
async def test_whoever_leaves_amid_an_answer_finds_what_was_said_of_it(
    models: SpeechModels, voice: CandidateVoice, tmp_path: Path
) -> None:
    interview = ScriptedInterview(["What did you change?", "And then?"])
    devices, director, sitting = Headless(), Director(), Sitting()
    answer = await voice.render(spoken("I moved the whole team to weekly demos. " * 3))

    async def leave_amid_the_answer() -> None:
        devices.ears.feed(answer)
        await devices.ears.timeline.until(devices.ears.timeline.now_s() + 4.0)
        sitting.stop()

    director.on_floor = [leave_amid_the_answer]
    async with asyncio.timeout(120):
        await converse(interview, devices, tmp_path, models=models, sitting=sitting, listeners=[director])
    assert [kind for kind, _ in interview.told] == ["keep"]
    assert "weekly demos" in interview.told[0][1]
    heard = [turn for turn in read_lines(tmp_path / "words.jsonl", SpokenTurn) if turn.speaker == "candidate"]
    assert heard[0].text == interview.told[0][1]
