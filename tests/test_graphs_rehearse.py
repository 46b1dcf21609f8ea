"""Whole interviews over all eight stages, held by simulated candidates: typed, and as fast as the graph runs."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graphs.answerbook import AnswerBook, load_answers
from graphs.candidate import SimulatedCandidate
from graphs.deps import Deps
from graphs.errors import GraphError
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import View
from graphs.persona import load_persona, shipped_personas
from graphs.plan import make_plan
from graphs.rehearse import TalkClock, rehearse
from knowledge.loader import Content
from tests.fakes import FakeLanguageModel, FakeSearch

SEED = 11


HELD: dict[str, View] = {}


@cache
def answers_known() -> AnswerBook:
    return load_answers()


async def held(content: Content, name: str) -> View:
    """The whole loop with two questions a stage; held once for all tests."""
    if name not in HELD:
        HELD[name] = await hold(content, name)
    return HELD[name]


async def hold(
    content: Content,
    name: str,
    *,
    questions: int | None = 2,
    stages: Sequence[str] = (),
    most_turns: int = 400,
) -> View:
    clock = TalkClock()
    deps = Deps(
        guide=content.guide,
        topics=content.topics,
        banks=content.banks,
        problems=content.problems,
        search=FakeSearch(),
        language=FakeLanguageModel(),
        clock=clock,
    )
    plan = make_plan(load_loop("full"), content.guide, questions=questions, stages=stages, seed=SEED)
    interview = await Interview.open(InMemorySaver(), deps, session="rehearsal", plan=plan)
    candidate = SimulatedCandidate(load_persona(name), answers_known(), content, SEED)
    return await rehearse(interview, candidate, clock=clock, most_turns=most_turns)


@pytest.mark.parametrize("name", shipped_personas())
async def test_a_full_eight_stage_loop_finishes(content: Content, name: str) -> None:
    view = await held(content, name)
    assert view.finished
    assert len({turn.stage for turn in view.turns}) == 8
    assert len(view.answers) == 16
    assert all(answer.complete for answer in view.answers)
    assert [turn.kind for turn in view.turns][-1] == "closing"
    asked = [turn.text for turn in view.turns if turn.kind == "question" and turn.speaker == "interviewer"]
    assert max(Counter(asked).values()) == 1
    said = Counter(turn.text for turn in view.turns if turn.kind == "answer")
    repeated = {text for text, count in said.items() if count > 1}
    assert not repeated or name == "silent"


async def test_the_whole_loop_at_its_full_length_is_kept_to_its_time(content: Content) -> None:
    view = await hold(content, "strong", questions=None, most_turns=900)
    assert view.finished
    assert len(view.answers) > 40
    assert 0.2 * view.budget_s < view.elapsed_s < view.budget_s


async def test_a_silent_candidate_leaves_nothing_to_grade(content: Content) -> None:
    view = await held(content, "silent")
    assert sum(answer.skipped for answer in view.answers) > 4
    assert all(len(answer.text.split()) < 30 for answer in view.answers)


async def test_the_same_rehearsal_twice_is_the_same_transcript(content: Content) -> None:
    first, second = [await hold(content, "mixed", stages=["behavioral", "hiring-manager"]) for _ in range(2)]
    assert [turn.text for turn in first.turns] == [turn.text for turn in second.turns]


async def test_an_interview_that_does_not_end_is_an_error_and_no_hang(content: Content) -> None:
    with pytest.raises(GraphError, match="not finished after 5 turns"):
        await hold(content, "mixed", most_turns=5)
