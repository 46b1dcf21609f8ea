"""Logs of runs that never happened, with levels as a test wants them."""

from collections.abc import Callable, Sequence

from evals.datasets import OVERALL, Item, Rating
from evals.runlog import Graded, RunLog, new_card
from rubrics.models import Evidence, Grade, Interval, RowGrade
from rubrics.trace import CheckTrace, GradeTrace

STORY = (
    "I led project number {0} for the platform team, found out where most of the money went, wrote a cache for it, "
    "and in the end we cut the cost of serving by {0} percent within one quarter."
)
Level = Callable[[Item, str], float | None]
"""Of a row or of `overall`; None leaves it unscored."""
TARGETS = [1.0, 2.0, 3.0, 4.0, 5.0]


def make_item(
    number: int, targets: Sequence[float], *, question: int | None = None, answer: str = "", form: str = ""
) -> Item:
    """Rated alike in two rows and overall, by one rater for each of `targets`. Five answers to a question."""
    question = number // 5 if question is None else question
    return Item(
        id=f"i{number:03}",
        rubric="star",
        question=f"How did question {question} go?",
        question_id=f"q{question}",
        answer=answer or STORY.format(number),
        gold=[
            Rating(rater=f"r{rater}", row=row, score=score)
            for rater, score in enumerate(targets)
            for row in ("action", "result", OVERALL)
        ],
        groups={"form": [form]} if form else {},
        provenance="authored",
        licence="Apache-2.0",
    )


def ladder(questions: int) -> list[Item]:
    """Five answers to each question, one at each level, two raters of one mind."""
    return [make_item(5 * q + n, [n + 1, n + 1]) for q in range(questions) for n in range(5)]


def make_log(items: Sequence[Item], level: Level, *, grader: str = "checks", seed: int = 0) -> RunLog:
    card = new_card(
        items, dataset="mine", grader=grader, model="fake", rubrics={"star": "1"}, prompts="p", seed=seed
    )
    return RunLog(card=card, graded=[grade_as(item, level) for item in items])


def grade_as(item: Item, level: Level) -> Graded:
    """Each row has one check, quoted with the answer's first word."""
    first = item.answer.split(maxsplit=1)[0]
    quote = Evidence(quote=first, start=0, end=len(first))
    overall = level(item, OVERALL)
    grade = Grade(
        id=item.id,
        status="unscored" if overall is None else "scored",
        reason=None,
        overall=None if overall is None else _interval(overall),
        rows={row: _row(level(item, row), quote) for row in ("action", "result")},
        rubric_version="star@1",
        model="fake",
        flags=[],
    )
    checks = [_check(row, item, quote) for row in ("action", "result")]
    return Graded(
        item=item, trace=GradeTrace(grade=grade, fit=1.0, checks=checks, prompt_version="p"), seconds=2.0
    )


def answers(form: str, targets: Sequence[float], *, first: int) -> list[Item]:
    """Five to a question; every question has answers of one form only."""
    return [make_item(first + n, [target, target], form=form) for n, target in enumerate(targets)]


def two_forms(count: int = 25, targets: Sequence[float] = TARGETS) -> list[Item]:
    """25 plain answers at all levels, and some in dialect."""
    spread = [targets[n % len(targets)] for n in range(count)]
    plain = [TARGETS[n % len(TARGETS)] for n in range(25)]
    return [*answers("plain", plain, first=0), *answers("dialect", spread, first=100)]


def shifted(by: float, form: str = "dialect") -> Level:
    """At the target, but for answers of one form."""

    def level(item: Item, row: str) -> float | None:
        target = item.target(row)
        return None if target is None else target + (by if item.groups["form"] == [form] else 0.0)

    return level


def at_target(item: Item, row: str) -> float | None:
    return item.target(row)


def _interval(level: float) -> Interval:
    return Interval(level=level, low=level - 0.5, high=level + 0.5)


def _row(level: float | None, quote: Evidence) -> RowGrade:
    if level is None:
        return RowGrade(level=None, low=None, high=None, status="unscored", reason="unclear", evidence=[])
    return RowGrade(**_interval(level).model_dump(), status="scored", reason=None, evidence=[quote])


def _check(row: str, item: Item, quote: Evidence) -> CheckTrace:
    """Surely met from level 3 on."""
    met = (item.target(row) or 0) >= 3
    odds = 9.0 if met else -9.0
    return CheckTrace(
        row=row,
        id="did",
        level=3,
        log_odds=odds,
        prior=0.0,
        adjusted=odds,
        share=float(met),
        quote=quote if met else None,
    )
