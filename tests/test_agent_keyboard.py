import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver
from rich.console import Console
from typer.testing import CliRunner

from agent.cli import app
from agent.keyboard import Keyboard, converse
from agent.settings import Settings
from graphs.errors import LoopError
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance, View
from graphs.plan import make_plan
from tests.fakes import FakeClock
from tests.golden import FOLDER, small_deps


async def interview_of(saver: InMemorySaver) -> Interview:
    deps = small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, stages=["behavioral"], questions=1)
    return await Interview.open(saver, deps, session="s", plan=plan)


async def typed(text: str, saver: InMemorySaver | None = None) -> tuple[View, str]:
    """What is left of a sitting in which `text` was typed, and what was printed."""
    printed = io.StringIO()
    interview = await interview_of(saver or InMemorySaver())
    view = await converse(interview, Keyboard(io.StringIO(text)), Console(file=printed, width=200))
    return view, printed.getvalue()


async def test_a_whole_interview_can_be_typed() -> None:
    view, printed = await typed("yes\nskip\nno\n")
    assert view.finished
    assert "AI" in printed
    assert "Goodbye" in printed
    assert [turn.text for turn in view.turns if turn.speaker == "candidate"] == ["yes", "skip", "no"]


async def test_a_turn_may_have_several_lines() -> None:
    view, _ = await typed("yes\nthe oven broke \\\nat four in the morning\n")
    assert view.turns[-2].text == "the oven broke at four in the morning"


async def test_who_leaves_comes_back_to_the_same_question() -> None:
    saver = InMemorySaver()
    before, _ = await typed("yes\n", saver)
    after, printed = await typed("", saver)
    assert not before.finished
    assert after.question == before.question
    assert str(after.question_text) in printed


async def test_asking_to_stop_ends_the_sitting_and_not_the_interview() -> None:
    view, _ = await typed("yes\nstop for today\nthis is never read\n")
    assert (view.stopped, view.finished) == (True, False)


async def test_leaving_during_a_reply_keeps_what_was_typed() -> None:
    saver = InMemorySaver()
    interview, keyboard = await interview_of(saver), Keyboard(io.StringIO("yes\n"))

    class Leaving(Interview):
        def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
            asyncio.get_running_loop().call_soon(keyboard.left.set)
            return super().hear(text, turn=turn, waited_s=waited_s)

    interview.__class__ = Leaving
    view = await converse(interview, keyboard, Console(file=io.StringIO()))
    assert [turn.text for turn in view.turns if turn.speaker == "candidate"] == ["yes"]
    assert view.question is not None


def test_a_stage_that_does_not_exist_is_refused_before_anything_is_loaded(settings: Settings) -> None:
    result = CliRunner().invoke(
        app, ["type", "--stages", "lunch"], env={"SOUNDCHECK_DATA_DIR": str(settings.data_dir)}
    )
    assert isinstance(result.exception, LoopError)
    assert "recruiter-screen" in str(result.exception)
    assert not Path(settings.sessions_dir).exists()
