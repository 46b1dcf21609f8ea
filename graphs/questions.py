"""Which question comes next, and whether there is time for one.

The choice depends on the state and the plan's seed only, so that it is the same after a restart.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice
from random import Random

import yaml

from graphs.deps import Deps
from graphs.items import Item
from graphs.lines import PROMPTS
from graphs.plan import Plan, PlannedStage
from graphs.state import State, plan_of
from knowledge.models import CodingProblem, Question, QuestionKind

ORDER: tuple[QuestionKind, ...] = ("opening", "deep-dive", "scenario")
CODING_STAGE = "coding-applied-ml"
LEAST_ANSWER_S = 75.0
"""No question is asked with less time than this left."""
ALIKE = 0.6
"""Share of words in common from which two questions count as the same."""


def item(deps: Deps, question_id: str) -> Item | None:
    """The item with that qualified id; None where the content no longer has it."""
    if question_id in deps.items:
        return deps.items[question_id]
    topic, _, own = question_id.partition("/")
    if own in deps.problems:
        return _from_problem(deps.problems[own])
    bank = deps.banks.get(topic)
    return next((_from_bank(topic, q) for q in bank.questions if q.id == own), None) if bank else None


def next_item(state: State, deps: Deps) -> Item | None:
    """The next question of the stage under way; None where the stage has had its questions or its time."""
    plan = plan_of(state)
    stage = plan.stages[state["place"]["stage"]]
    number = state["place"]["asked"]
    if plan.script is not None:
        return next(islice(deps.items.values(), number, None), None)
    if number >= stage.questions or not _time_for_question(state, plan, number):
        return None
    asked = {
        turn["question"]: turn["text"]
        for turn in state["turns"]
        if turn["speaker"] == "interviewer" and turn["kind"] == "question"
    }
    if stage.only:
        return next((found for id_ in stage.only if id_ not in asked and (found := item(deps, id_))), None)
    if stage.id == CODING_STAGE and number == min(1, stage.questions - 1):
        problem = _choose_problem(stage, deps, asked, plan.seed)
        if problem:
            return problem
    return _choose_question(stage, deps, asked, number, plan.seed)


def stage_left_s(state: State) -> float:
    place = state["place"]
    return place["budget_s"] - (state["elapsed_s"] - place["began_s"])


def total_left_s(state: State) -> float:
    return plan_of(state).budget_s - state["place"]["cut_s"] - state["elapsed_s"]


def reserve_s(state: State, plan: Plan) -> float:
    """Time kept free for the candidate's questions."""
    return min(180.0, 0.1 * state["place"]["budget_s"]) if plan.candidate_questions else 0.0


def _time_for_question(state: State, plan: Plan, number: int) -> bool:
    left_s = min(stage_left_s(state), total_left_s(state))
    if number == 0:
        return left_s > min(LEAST_ANSWER_S, 0.3 * state["place"]["budget_s"])
    return left_s - reserve_s(state, plan) > LEAST_ANSWER_S


def _choose_problem(
    stage: PlannedStage, deps: Deps, asked: Mapping[str | None, str], seed: int
) -> Item | None:
    """One of the stage's topics; where there is a pad, one that can be written on it."""
    problems = [p for p in deps.problems.values() if p.topic in stage.topics]
    if deps.pads is not None:
        problems = [p for p in problems if p.id in deps.pads.starters] or problems
    fresh = [p for p in problems if f"{p.topic}/{p.id}" not in asked]
    if not fresh:
        return None
    return _from_problem(Random(f"{seed}:problem").choice(sorted(fresh, key=lambda p: p.id)))


def _choose_question(
    stage: PlannedStage, deps: Deps, asked: Mapping[str | None, str], number: int, seed: int
) -> Item | None:
    """Openings first, then deep dives, then scenarios; among them the topic asked about least."""
    wanted = ORDER[min(2, number * 3 // stage.questions)]
    rng = Random(f"{seed}:{stage.id}:{number}")
    topics = [topic for topic in stage.topics if topic in deps.banks]
    Random(f"{seed}:{stage.id}").shuffle(topics)
    visits = {topic: sum(1 for q in asked if q and q.startswith(f"{topic}/")) for topic in topics}
    for kind in (wanted, *[k for k in ORDER if k != wanted]):
        for topic in sorted(topics, key=visits.__getitem__):
            items = [_from_bank(topic, q) for q in deps.banks[topic].questions if q.kind == kind]
            fresh = [i for i in items if i.id not in asked and not _was_asked(i.text, asked)]
            if fresh:
                return rng.choice(fresh)
    return None


def _was_asked(text: str, asked: Mapping[str | None, str]) -> bool:
    return any(alike(text, other) >= ALIKE for other in asked.values())


def alike(one: str, other: str) -> float:
    """Share of words that two texts have in common (Jaccard)."""
    a, b = _words(one), _words(other)
    return len(a & b) / max(1, len(a | b))


@lru_cache(maxsize=2048)
def _words(text: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _from_bank(topic: str, question: Question) -> Item:
    return Item(
        id=f"{topic}/{question.id}",
        topic=topic,
        kind=question.kind,
        text=question.text,
        rows=tuple(question.rows),
        points=tuple(f"{topic}/{point}" for point in question.points),
        follow_ups={row: tuple(texts) for row, texts in question.follow_ups.items()},
    )


def _from_problem(problem: CodingProblem) -> Item:
    follow_ups = _problem_follow_ups()
    return Item(
        id=f"{problem.topic}/{problem.id}",
        topic=problem.topic,
        kind="deep-dive",
        text=_spoken(problem.statement),
        rows=tuple(follow_ups),
        points=(),
        follow_ups=follow_ups,
        hints=tuple(problem.hints),
        is_problem=True,
    )


def _spoken(statement: str) -> str:
    """The first paragraph, which sets the task; the signatures and examples after it are for the screen."""
    first = statement.strip().split("\n\n")[0]
    plain = " ".join("".join(c for c in first if c not in "`*_").split())
    return f"{plain} How would you go about it?"


@cache
def _problem_follow_ups() -> dict[str, tuple[str, ...]]:
    raw = yaml.safe_load((PROMPTS / "problem.yaml").read_text(encoding="utf-8"))
    return {row: tuple(texts) for row, texts in raw.items()}
