from collections import Counter
from typing import cast

import pytest

from graphs.deps import Deps
from graphs.loops import load_loop
from graphs.plan import make_plan
from graphs.questions import ALIKE, ORDER, alike, item, next_item
from graphs.state import State, TurnRecord, moved, new_state
from knowledge.loader import Content


@pytest.fixture
def deps(content: Content) -> Deps:
    return Deps(guide=content.guide, topics=content.topics, banks=content.banks, problems=content.problems)


def asked_in(
    deps: Deps,
    stage: str,
    questions: int,
    *,
    seed: int = 0,
    topics: list[str] | None = None,
    only: list[str] | None = None,
) -> list[str]:
    """The questions that a stage would ask, one after the other."""
    plan = make_plan(
        load_loop("full"), deps.guide, stages=[stage], topics=topics or [], questions=questions, seed=seed
    )
    plan = plan.model_copy(
        update={"stages": [s.model_copy(update={"only": only or []}) for s in plan.stages]}
    )
    state = new_state("s", plan)
    state["place"] = moved(state["place"], stage=0, budget_s=plan.stages[0].budget_s)
    asked: list[str] = []
    while (found := next_item(state, deps)) is not None:
        asked.append(found.id)
        turn = TurnRecord(
            id=f"i{len(asked)}",
            speaker="interviewer",
            kind="question",
            text=found.text,
            stage=stage,
            question=found.id,
        )
        place = moved(state["place"], asked=len(asked))
        state = cast(State, {**state, "place": place, "turns": [*state["turns"], turn]})
    return asked


@pytest.mark.parametrize("seed", range(5))
def test_openings_come_before_deep_dives_and_scenarios_last(deps: Deps, seed: int) -> None:
    asked = asked_in(deps, "domain-depth", 6, seed=seed)
    kinds = [found.kind for q in asked if (found := item(deps, q))]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert Counter(kinds) == {"opening": 2, "deep-dive": 2, "scenario": 2}


@pytest.mark.parametrize("stage", ["recruiter-screen", "technical-phone", "behavioral", "hiring-manager"])
def test_a_stage_goes_round_its_topics_before_it_returns_to_one(deps: Deps, stage: str) -> None:
    topics = next(s.topics for s in deps.guide.stages if s.id == stage)
    asked = asked_in(deps, stage, len(topics), seed=3)
    assert {q.partition("/")[0] for q in asked} == set(topics)


def test_no_question_comes_twice_and_a_stage_ends_when_it_has_no_more(deps: Deps) -> None:
    asked = asked_in(deps, "domain-depth", 50, topics=["cold-start"])
    assert len(asked) == len(set(asked)) == len(deps.banks["cold-start"].questions)


def test_the_seed_decides_which_questions_are_asked(deps: Deps) -> None:
    runs = [tuple(asked_in(deps, "behavioral", 3, seed=seed)) for seed in range(8)]
    assert len(set(runs)) > 5
    assert runs[0] == tuple(asked_in(deps, "behavioral", 3, seed=0))


def test_the_coding_stage_sets_one_problem_after_its_first_question(deps: Deps) -> None:
    asked = asked_in(deps, "coding-applied-ml", 4, seed=1)
    problems = [q.partition("/")[2] in deps.problems for q in asked]
    assert problems == [False, True, False, False]


def test_a_problem_is_spoken_without_signatures_and_marks(deps: Deps) -> None:
    for problem in deps.problems.values():
        found = item(deps, f"{problem.topic}/{problem.id}")
        assert found is not None
        assert not set("`*_\n") & set(found.text)
        assert len(found.text.split()) < 100
        assert found.text.endswith("?")


def test_questions_of_the_bank_differ_from_one_another(deps: Deps) -> None:
    texts = [q.text for bank in deps.banks.values() for q in bank.questions]
    assert not [(a, b) for n, a in enumerate(texts) for b in texts[:n] if alike(a, b) >= ALIKE]


@pytest.mark.parametrize("stage", ["domain-depth", "coding-applied-ml"])
def test_a_stage_that_names_its_questions_asks_those_and_no_other(deps: Deps, stage: str) -> None:
    every = asked_in(deps, stage, 5)
    wanted = [every[3], every[1], "gone/q9"]
    assert asked_in(deps, stage, 4, only=wanted) == wanted[:2]
