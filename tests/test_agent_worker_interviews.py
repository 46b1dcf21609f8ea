"""Interviews in rooms of a real LiveKit server, with the real recogniser and voice. No language model is asked."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from livekit import rtc

from agent.report.write import load_library, read_report, stored_view
from agent.sessions import Session, SessionStore
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.holding import open_studio
from agent.voice.models import load_speech_models
from agent.voice.pcm import Pcm
from agent.worker import interviews
from agent.worker.access import access_of
from agent.worker.attending import RoomAttendant
from agent.worker.server import Worker
from graphs.manner import Manner, Spoken
from knowledge.loader import Content
from tests.livekit_server import LiveKitServer, running_server, worker_process, worker_settings
from tests.pad_sittings import SKETCH, solution_of
from tests.room_candidate import RoomCandidate, call_interviewer, joined

pytestmark = [pytest.mark.livekit, pytest.mark.models]

ONE_QUESTION = {"wish": {"loop": "demo", "stages": ["behavioral"], "questions": 1}}
READY = "Yes, thank you, I am ready. Let us begin."
DEMOS = "Last year I moved my whole team to weekly demos, because nobody knew what the others were doing."
LETTERS = "I wrote a letter to every customer, and half of them came back to us."
NOTHING = "No, thank you, I have no questions."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKitServer]:
    with running_server(tmp_path_factory.mktemp("livekit")) as server:
        yield server


@pytest.fixture
def settings(server: LiveKitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return worker_settings(server, tmp_path / "data")


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[RoomAttendant]:
    """A worker in this process, registered."""
    access = access_of(settings)
    async with open_studio(settings) as studio:
        attendant = RoomAttendant(settings, access, studio)
        worker = Worker(settings, access, attendant)
        registered = asyncio.Event()
        worker.server.on("worker_registered", lambda *_: registered.set())
        running = asyncio.create_task(worker.run())
        await asyncio.wait_for(registered.wait(), 20)
        try:
            yield attendant
        finally:
            attendant.leave()
            await worker.close()
            await running


async def recorded(settings: Settings, *texts: str) -> list[Pcm]:
    voice = CandidateVoice(load_speech_models(settings).piper)
    return [await voice.render(Spoken(text, Manner(), 0.0)) for text in texts]


def only_session(settings: Settings) -> Session:
    (session,) = SessionStore(settings.sessions_dir).list()
    return session


async def answer_all(candidate: RoomCandidate, answer: Pcm, nothing: Pcm) -> None:
    """Until the interviewer has left."""
    while True:
        await candidate.until(lambda: candidate.state in (None, "listening"))
        if candidate.interviewer is None:
            return
        invited = candidate.spoken("interviewer")[-1]["kind"] == "invitation"
        await candidate.say(nothing if invited else answer)
        await candidate.until(lambda: candidate.state != "listening")


async def begin(candidate: RoomCandidate, ready: Pcm) -> str:
    """Interrupts the greeting; the first question, when it has been asked to its end."""
    await candidate.until(lambda: candidate.state == "speaking")
    await candidate.say(ready)
    await candidate.until(lambda: candidate.said("ready", by="candidate"))
    await candidate.until(lambda: candidate.state == "speaking")
    await candidate.until(lambda: candidate.state == "listening")
    return candidate.captions[-1].text


async def test_an_interview_in_a_room_is_heard_answered_and_reported(
    server: LiveKitServer, settings: Settings
) -> None:
    ready, answer, nothing = await recorded(settings, READY, DEMOS, NOTHING)
    async with working(settings), joined(server, "whole", order=ONE_QUESTION) as candidate:
        question = await begin(candidate, ready)
        await answer_all(candidate, answer, nothing)
        greeting = next(c for c in candidate.captions if c.final)
        assert not greeting.text.endswith("Shall we begin?")
        heard = " ".join(
            w.text for w in load_speech_models(settings).whisper.read(candidate.voice()[-480_000:])
        )
    session = only_session(settings)
    assert (session.folder / "report.html").exists()
    report = read_report(session)
    assert report is not None
    assert [answer.question_text for answer in report.answers] == [question]
    assert "weekly demos" in (session.folder / "report.html").read_text()
    assert "report" in heard


async def test_two_interviews_at_once_keep_to_their_own_rooms(
    server: LiveKitServer, settings: Settings
) -> None:
    ready, demos, letters = await recorded(settings, READY, DEMOS, LETTERS)

    async def interview(room: str, answer: Pcm, words: str) -> list[str]:
        async with joined(server, room, order=ONE_QUESTION) as candidate:
            await begin(candidate, ready)
            await candidate.say(answer)
            await candidate.until(lambda: candidate.said(words, by="candidate"))
            await candidate.until(lambda: candidate.state == "listening")
            return [c.text for c in candidate.captions if c.who == "candidate"]

    async with working(settings):
        first, second = await asyncio.gather(
            interview("one", demos, "weekly demos"), interview("other", letters, "came back")
        )
    assert not any("came back" in text for text in first)
    assert not any("demos" in text for text in second)
    assert len(SessionStore(settings.sessions_dir).list()) == 2


async def test_a_page_types_presses_keys_and_reads_along(server: LiveKitServer, settings: Settings) -> None:
    (ready,) = await recorded(settings, READY)
    async with working(settings), joined(server, "keys", order=ONE_QUESTION) as candidate:
        question = await begin(candidate, ready)
        assert await candidate.call("repeat") == "ok"
        await candidate.until(lambda: sum(question in c.text for c in candidate.captions if c.final) == 2)
        await candidate.until(lambda: candidate.state == "listening")
        async with joined(server, "keys", identity="listener") as listener:
            with pytest.raises(rtc.RpcError, match="only the candidate"):
                await listener.call("end")
            await listener.tell(type="end")
            await listener.room.local_participant.send_text("I am not the candidate.", topic="lk.chat")
            await candidate.write(DEMOS)
            await candidate.until(lambda: candidate.said("weekly demos", by="candidate"))
        await candidate.tell(type="hello", stream="s1", captured=7, microphone=True)
        await candidate.until(lambda: candidate.told("welcome"))
        welcome = candidate.told("welcome")
        assert welcome is not None
        assert welcome["next_frame"] == 7
        lines = [line["text"] for line in welcome["transcript"] if line["who"] == "candidate"]
        assert lines[-2:] == ["Could you repeat the question, please?", DEMOS]
        assert welcome["standing"]["stages"] == 1
        await candidate.until(lambda: candidate.pulses > 1)
        await candidate.call("end")
        await candidate.until(lambda: candidate.interviewer is None)
        over = candidate.told("over")
        assert over is not None
        assert over["how"] == "saved"


async def pad_comes(candidate: RoomCandidate, kind: str) -> str:
    """The question that has that pad, once it is asked; what comes before it is answered or skipped."""
    replies = {"greeting": READY, "invitation": NOTHING}

    def there() -> bool:
        note = candidate.told("pad")
        return note is not None and note["pad"] == kind

    while True:
        await candidate.until(lambda: there() or candidate.state == "listening")
        if there():
            note = candidate.told("pad")
            assert note is not None
            return str(note["question"])
        asked = candidate.spoken("interviewer")[-1]["kind"]
        await candidate.write(replies.get(asked, "Let's skip this question."))
        await candidate.until(lambda: there() or candidate.state != "listening")


async def shown(candidate: RoomCandidate, number: int, question: str, **what: object) -> None:
    """On the pad, and kept."""
    await candidate.tell(type="write", number=number, shown={"question": question, **what})
    await candidate.until(
        lambda: candidate.told("kept") == {"type": "kept", "number": number, "stored": True}
    )


async def test_code_is_written_and_run_and_a_sketch_is_drawn_in_a_room(
    server: LiveKitServer, settings: Settings, content: Content
) -> None:
    stages = ["coding-applied-ml", "ml-system-design"]
    order = {"wish": {"loop": "full", "stages": stages, "questions": 1, "seed": 4}}
    async with working(settings), joined(server, "pads", order=order) as candidate:
        question = await pad_comes(candidate, "code")
        code = solution_of(content, question)
        await shown(candidate, 1, question, code=code)
        await candidate.tell(type="run", question=question, code=code)
        await candidate.until(lambda: candidate.told("ran"))
        ran = candidate.told("ran")
        assert ran is not None
        assert {test["status"] for test in ran["tests"]} == {"passed"}
        await candidate.until(lambda: candidate.state == "listening")
        assert await candidate.call("written") == "ok"
        await candidate.until(lambda: candidate.said("My code is done", by="candidate"))
        design = await pad_comes(candidate, "sketch")
        await shown(candidate, 2, design, sketch=SKETCH.model_dump())
        await candidate.tell(type="hello", stream="s2", captured=0, microphone=True)
        await candidate.until(lambda: (candidate.told("pad") or {})["sketch"] is not None)
    view = await stored_view(only_session(settings), load_library(settings))
    boards = {answer.question: answer.board for answer in view.answers}
    coded, drawn = boards[question], boards[design]
    assert coded is not None
    assert (coded.code, coded.runs) == (code, 1)
    assert drawn is not None
    assert drawn.sketch == SKETCH


async def test_whoever_reloads_the_page_finds_the_interview_where_it_was(
    server: LiveKitServer, settings: Settings
) -> None:
    ready, answer = await recorded(settings, READY, DEMOS)
    async with working(settings):
        async with joined(server, "reload", order=ONE_QUESTION) as candidate:
            await begin(candidate, ready)
        async with joined(server, "reload") as candidate:
            await candidate.until(lambda: candidate.state == "listening")
            await candidate.say(answer)
            await candidate.until(lambda: candidate.said("weekly demos", by="candidate"))
            await candidate.until(lambda: candidate.state == "speaking")
            assert not candidate.said("Welcome back")


async def test_whoever_was_away_for_long_is_welcomed_back_to_the_same_question(
    server: LiveKitServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interviews, "AWAY_S", 0.5)
    (ready,) = await recorded(settings, READY)
    async with working(settings):
        async with joined(server, "away", order=ONE_QUESTION) as candidate:
            question = await begin(candidate, ready)
        await asyncio.to_thread(_until_unlocked, only_session(settings))
        async with joined(server, "away") as candidate:
            await candidate.until(lambda: candidate.said(question))
            assert candidate.said("Welcome back")


async def test_an_interview_whose_worker_is_killed_is_carried_on_by_another(
    server: LiveKitServer, settings: Settings
) -> None:
    ready, answer = await recorded(settings, READY, DEMOS)
    async with worker_process(settings) as first, joined(server, "killed", order=ONE_QUESTION) as candidate:
        await begin(candidate, ready)
        await candidate.say(answer)
        await candidate.until(lambda: candidate.said("weekly demos", by="candidate"))
        await candidate.until(lambda: candidate.state == "speaking")
        await candidate.until(lambda: candidate.state == "listening")
        probe = candidate.captions[-1].text
        first.process.kill()
        session = only_session(settings)
        async with worker_process(settings) as second:
            await candidate.until(lambda: candidate.interviewer is None)
            before = len(candidate.captions)
            await call_interviewer(server, "killed", {"session": session.id})
            await candidate.until(
                lambda: any(c.text == probe and c.final for c in candidate.captions[before:])
            )
            assert candidate.said("Welcome back")
            second.process.terminate()
            await second.says("finishing 1", within_s=10)
            second.process.terminate()
            assert await second.ends(within_s=60) == 0
    view = await stored_view(session, load_library(settings))
    assert [turn.text for turn in view.turns].count(probe) == 2
    (answered,) = view.answers
    assert "weekly demos" in answered.text


async def test_a_worker_told_to_end_finishes_its_interview_and_takes_no_other(
    server: LiveKitServer, settings: Settings
) -> None:
    ready, answer, nothing = await recorded(settings, READY, DEMOS, NOTHING)
    async with worker_process(settings) as worker:
        async with joined(server, "last", order=ONE_QUESTION) as candidate:
            question = await begin(candidate, ready)
            worker.process.terminate()
            await worker.says("finishing 1", within_s=10)
            async with joined(server, "late", order=ONE_QUESTION) as late:
                await answer_all(candidate, answer, nothing)
                assert late.interviewer is None
        assert await worker.ends(within_s=60) == 0
    session = only_session(settings)
    report = read_report(session)
    assert report is not None
    assert [a.question_text for a in report.answers] == [question]


def _until_unlocked(session: Session) -> None:
    """The sitting is saved."""
    with FileLock(session.folder / ".lock", timeout=30):
        return
