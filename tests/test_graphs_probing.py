from dataclasses import replace
from typing import Any, cast

import pytest

from graphs.ahead import Ahead
from graphs.deps import Deps
from graphs.evidence import gaps, row_evidence, shown
from graphs.loops import load_loop
from graphs.plan import Plan, make_plan
from graphs.probing import LONG_ANSWER_WORDS, Probe, next_probe
from graphs.state import AnswerRecord, OpenQuestion, State, TurnRecord, moved, new_state
from knowledge.loader import Content
from tests.fakes import FakeClock, FakeLanguageModel, FakeSearch
from tests.golden import FOLDER, small_deps

COMPLETE = (
    "I called the owner first and moved the loaves because the stone oven was warm. In the end waste fell by nine "
    "percent, and I learned to keep a spare, next time I would test it in summer."
)


@pytest.fixture
def deps() -> Deps:
    return small_deps(FakeClock())


def answered(deps: Deps, text: str, *, targets: list[str] | None = None, **changes: Any) -> State:
    """A state in which `ovens/q1` has been answered with `text`."""
    plan: Plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide)
    state = new_state("s", plan)
    opened = OpenQuestion(id="ovens/q1", began_s=0.0, targets=targets or [], courtesies=[], hints=0)
    place = moved(state["place"], stage=0, budget_s=1200.0, phase="question", asked=1, open=opened)
    turn = TurnRecord(
        id="c1", speaker="candidate", kind="answer", text=text, stage="behavioral", question="ovens/q1"
    )
    answer = AnswerRecord(
        id="a1",
        stage="behavioral",
        topic="ovens",
        question="ovens/q1",
        question_text="Tell me about a morning when an oven failed on you.",
        rows=["star.action", "star.result", "star.reflection"],
        points=["ovens/p1", "ovens/p2"],
        parts=["c1"],
        complete=False,
        skipped=False,
    )
    return cast(State, {**state, "place": place, "turns": [turn], "answers": [answer], **changes})


async def probe(state: State, deps: Deps) -> Probe | None:
    return await next_probe(state, deps, state["answers"][-1])


async def test_a_probe_aims_at_the_first_row_without_evidence(deps: Deps) -> None:
    state = answered(deps, "I called the owner first and then I moved the loaves because it was still warm.")
    found = await probe(state, deps)
    assert found is not None
    assert found.target == "star.result"
    assert "case 1" in found.text


async def test_a_row_is_probed_only_once(deps: Deps) -> None:
    found = await probe(answered(deps, "The street was dark.", targets=["star.action"]), deps)
    assert found is not None
    assert found.target == "star.result"


async def test_an_answer_that_shows_everything_is_not_probed(deps: Deps) -> None:
    assert await probe(answered(deps, COMPLETE), deps) is None


async def test_a_point_that_was_not_covered_is_probed_when_every_row_is_shown(deps: Deps) -> None:
    search = FakeSearch(covered={"ovens/p1": 0.8, "ovens/p2": 0.2})
    found = await probe(answered(deps, COMPLETE), replace(deps, search=search))
    assert found is not None
    assert found.target == "ovens/p2"
    covered = FakeSearch(covered={"ovens/p1": 0.8, "ovens/p2": 0.7})
    assert await probe(answered(deps, COMPLETE), replace(deps, search=covered)) is None


async def test_the_model_decides_about_rows_that_the_rules_cannot_tell(deps: Deps) -> None:
    text = "I called the owner first and moved the loaves because it was warm. In the end it was fine. I learned much."
    assert gaps(["star.action", "star.result", "star.reflection"], text) == (
        [],
        ["star.result", "star.reflection"],
    )
    no = replace(deps, language=FakeLanguageModel(judge=lambda _: -2.0), ahead=Ahead())
    yes = replace(deps, language=FakeLanguageModel(judge=lambda _: 2.0), ahead=Ahead())
    found = await probe(answered(no, text), no)
    assert found is not None
    assert found.target == "star.result"
    assert await probe(answered(yes, text), yes) is None
    assert await probe(answered(deps, text), deps) is None


@pytest.mark.parametrize(
    "case",
    [
        {"targets": ["star.action", "star.result"]},
        {"text": "dark " * (LONG_ANSWER_WORDS + 1)},
        {"elapsed_s": 1000.0},
        {"elapsed_s": 1150.0},
    ],
    ids=["two probes", "very long", "its time is used up", "the stage is nearly over"],
)
async def test_no_probe_where_number_length_or_time_forbid_it(deps: Deps, case: dict[str, Any]) -> None:
    text = case.pop("text", "The street was dark.")
    assert await probe(answered(deps, text, **case), deps) is None


async def test_a_follow_up_that_was_said_before_is_not_said_again(deps: Deps) -> None:
    state = answered(deps, "The street was dark.")
    first = await probe(state, deps)
    assert first is not None
    said = TurnRecord(
        id="i9", speaker="interviewer", kind="probe", text=first.text, stage="behavioral", question=None
    )
    again = await probe(cast(State, {**state, "turns": [*state["turns"], said]}), deps)
    assert again is not None
    assert (again.target, again.text != first.text) == (first.target, True)


def test_every_row_of_every_question_has_an_evidence_rule(content: Content) -> None:
    rows = {row for bank in content.banks.values() for question in bank.questions for row in question.rows}
    assert rows <= set(row_evidence())


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("staff.scale", "It served four thousand requests per second at a p99 of forty milliseconds."),
        ("staff.influence", "I convinced two other teams to adopt it after a design review."),
        ("staff.impact", "The experiment showed that retention rose by two percent."),
        ("staff.depth", "We chose it instead of a transformer because latency was the trade-off."),
        ("star.reflection", "Looking back I would do it differently, and I learned to ask first."),
    ],
)
def test_plain_evidence_is_seen_by_the_rules(row: str, text: str) -> None:
    assert shown(row, text) == "yes"
    assert shown(row, "It was a nice day.") == "no"
