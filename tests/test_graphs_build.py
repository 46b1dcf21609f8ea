from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.runtime import Runtime

from graphs.build import after_receive, after_say, after_weighing, build, onward
from graphs.deps import Deps
from graphs.loops import load_loop
from graphs.nodes.listening import interpret
from graphs.nodes.stages import after_stage
from graphs.plan import Plan, make_plan
from graphs.state import (
    AnswerRecord,
    Courtesy,
    Intent,
    OpenQuestion,
    Phase,
    PlannedProbe,
    Route,
    State,
    TurnRecord,
    moved,
    new_state,
)
from knowledge.loader import Content


@pytest.fixture
def deps(content: Content) -> Deps:
    return Deps(guide=content.guide, topics=content.topics, banks=content.banks, problems=content.problems)


@pytest.fixture
def plan(content: Content) -> Plan:
    return make_plan(load_loop("full"), content.guide, stages=["behavioral", "product-impact"], questions=2)


def at(plan: Plan, **place: Any) -> State:
    """A state in the first stage, with a question open."""
    state = new_state("s", plan)
    start = moved(state["place"], stage=0, budget_s=600.0, phase="question", open=opened(), asked=1)
    return cast(State, {**state, "place": moved(start, **place), "answers": [record()]})


def opened(*, targets: list[str] | None = None, courtesies: list[Courtesy] | None = None) -> OpenQuestion:
    return OpenQuestion(
        id="feedback/q1", began_s=0.0, targets=targets or [], courtesies=courtesies or [], hints=0
    )


def record(*, parts: list[str] | None = None, question: str = "feedback/q1") -> AnswerRecord:
    return AnswerRecord(
        id=question,
        stage="behavioral",
        topic="feedback",
        question=question,
        question_text="What did you do with hard feedback?",
        rows=["star.action", "star.result"],
        points=[],
        parts=parts or [],
        complete=False,
        skipped=False,
    )


def run(deps: Deps) -> Runtime[Deps]:
    return Runtime(context=deps)


def test_every_node_can_be_reached_and_every_edge_ends_at_a_node() -> None:
    drawn = build(InMemorySaver()).get_graph()
    sources = {edge.source for edge in drawn.edges}
    targets = {edge.target for edge in drawn.edges}
    assert set(drawn.nodes) - {"__end__"} == sources
    assert set(drawn.nodes) - {"__start__"} == targets


def test_what_was_heard_decides_where_the_graph_goes(plan: Plan) -> None:
    assert after_receive(cast(State, {**at(plan), "route": "reply"})) == "reply"


def test_the_graph_ends_only_when_the_interview_is_over(plan: Plan) -> None:
    assert after_say(at(plan)) == "listen"
    assert after_say(at(plan, paused=True, stopped=True)) == "listen"
    assert after_say(at(plan, phase="over")) == "__end__"


def test_a_planned_probe_is_asked_before_anything_else(plan: Plan, deps: Deps) -> None:
    probe = PlannedProbe(target="star.result", text="What came of it?")
    assert after_weighing(at(plan, probe=probe), run(deps)) == "probe"
    assert after_weighing(at(plan), run(deps)) == "ask"


@pytest.mark.parametrize(
    ("place", "step"),
    [
        ({"asked": 1}, "ask"),
        ({"asked": 2}, "invite"),
        ({"asked": 1, "began_s": -450.0}, "ask"),
        ({"asked": 1, "began_s": -500.0}, "invite"),
        ({"asked": 1, "began_s": -590.0}, "close_stage"),
        ({"asked": 0, "began_s": 0.0}, "ask"),
        ({"asked": 0, "began_s": -599.0}, "close_stage"),
    ],
)
def test_onward_fits_the_questions_and_the_time(
    plan: Plan, deps: Deps, place: Mapping[str, Any], step: str
) -> None:
    assert onward(at(plan, **place), run(deps)) == step


def test_without_candidate_questions_the_stage_closes(plan: Plan, deps: Deps) -> None:
    quiet = plan.model_copy(update={"candidate_questions": False})
    assert onward(at(quiet, asked=2), run(deps)) == "close_stage"


@pytest.mark.parametrize(
    ("stage", "elapsed_s", "step"), [(0, 0.0, "open_stage"), (1, 0.0, "close"), (0, 7190.0, "close")]
)
def test_another_stage_opens_only_where_there_is_time(
    plan: Plan, stage: int, elapsed_s: float, step: str
) -> None:
    state = cast(State, {**at(plan, stage=stage), "elapsed_s": elapsed_s})
    assert after_stage(state) == step


@pytest.mark.parametrize(
    ("phase", "meant", "heard"),
    [
        ("agreement", "yes", ("yes", "agreed")),
        ("agreement", "answer", ("answer", "agreed")),
        ("agreement", "no", ("no", "respond")),
        ("agreement", "clarify", ("repeat", "respond")),
        ("agreement", "stop", ("stop", "respond")),
        ("candidate", "question", ("question", "reply")),
        ("candidate", "answer", ("question", "reply")),
        ("candidate", "no", ("no", "close_stage")),
        ("candidate", "done", ("no", "close_stage")),
        ("candidate", "yes", ("repeat", "respond")),
        ("candidate", "time", ("time", "respond")),
        ("adding", "answer", ("answer", "add")),
        ("adding", "no", ("resume", "respond")),
        ("adding", "pause", ("pause", "respond")),
        ("question", "answer", ("answer", "answer")),
        ("question", "short", ("short", "respond")),
        ("question", "yes", ("short", "respond")),
        ("question", "unknown", ("unknown", "respond")),
        ("question", "instruct", ("instruct", "respond")),
        ("question", "done", ("done", "respond")),
        ("question", "skip", ("skip", "leave")),
        ("question", "nothing", ("nothing", "respond")),
    ],
)
def test_the_phase_decides_what_a_turn_means(
    plan: Plan, phase: Phase, meant: Intent, heard: tuple[Intent, Route]
) -> None:
    assert interpret(at(plan, phase=phase), "", meant) == heard


@pytest.mark.parametrize(
    ("meant", "courtesy", "heard"),
    [
        ("short", "expand", ("short", "answer")),
        ("unknown", "unknown", ("unknown", "leave")),
        ("instruct", "instruct", ("instruct", "leave")),
        ("done", "nothing_said", ("done", "leave")),
    ],
)
def test_each_courtesy_is_shown_once(
    plan: Plan, meant: Intent, courtesy: Courtesy, heard: tuple[Intent, Route]
) -> None:
    assert interpret(at(plan, open=opened(courtesies=[courtesy])), "", meant) == heard


def test_a_short_reply_to_a_probe_is_taken_as_it_is(plan: Plan) -> None:
    probed = at(plan, open=opened(targets=["star.result"]))
    assert interpret(probed, "no", "no") == ("short", "answer")


def test_done_after_an_answer_moves_on(plan: Plan) -> None:
    state = cast(State, {**at(plan), "answers": [record(parts=["c1"])]})
    assert interpret(state, "that's it", "done") == ("done", "leave")


@pytest.mark.parametrize(
    ("meant", "heard"),
    [
        ("yes", ("resume", "respond")),
        ("nothing", ("nothing", "nothing")),
        ("stop", ("stop", "respond")),
        ("answer", ("answer", "answer")),
    ],
)
def test_after_a_pause_any_word_carries_on(plan: Plan, meant: Intent, heard: tuple[Intent, Route]) -> None:
    assert interpret(at(plan, paused=True), "", meant) == heard


def test_a_question_that_the_content_no_longer_has_does_not_stop_the_interview(
    plan: Plan, deps: Deps
) -> None:
    poorer = replace(deps, banks={t: b for t, b in deps.banks.items() if t != "feedback"})
    assert onward(at(plan), run(poorer)) == "ask"


def test_turn_records_hold_plain_values_only(plan: Plan) -> None:
    turn = TurnRecord(
        id="c1", speaker="candidate", kind="answer", text="x", stage="behavioral", question=None
    )
    assert {type(value) for value in turn.values()} == {str, type(None)}
