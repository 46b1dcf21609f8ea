"""From the levels of answers to the level of a stage: one rule, for rows and for whole stages alike."""

from collections.abc import Sequence
from math import floor
from statistics import median

from agent.report.models import Level
from rubrics.models import Interval, RowGrade, Rubric

RULE = (
    "A stage's level, for each row and for the rubric as a whole, is the median of its graded answers' levels; its "
    "interval runs from the lower quartile of their low ends to the upper quartile of their high ends. A better "
    "answer can therefore never lower a level, one lucky or unlucky answer hardly moves it, answers that disagree "
    "widen the interval, and rows are never averaged into a level."
)


def combine(intervals: Sequence[Interval]) -> Interval | None:
    """The level that several answers support together; None where there is none."""
    if not intervals:
        return None
    return Interval(
        level=round(median(i.level for i in intervals), 2),
        low=round(_quantile([i.low for i in intervals], 0.25), 2),
        high=round(_quantile([i.high for i in intervals], 0.75), 2),
    )


def interval_of(row: RowGrade) -> Interval | None:
    if row.status != "scored" or row.level is None or row.low is None or row.high is None:
        return None
    return Interval(level=row.level, low=row.low, high=row.high)


def nearest(level: float) -> int:
    """The whole level that a level is called by; a level in the middle belongs to the upper one."""
    return min(5, max(1, floor(level + 0.5)))


def aim(level: float) -> int | None:
    """The whole level to reach for next: the one above, but at least 3, as anchors of level 2 describe weak answers."""
    return None if nearest(level) == 5 else max(3, nearest(level) + 1)


def worded(interval: Interval, rubric: Rubric) -> Level:
    return Level(
        level=interval.level,
        low=interval.low,
        high=interval.high,
        word=word(rubric, nearest(interval.level)),
        low_word=word(rubric, nearest(interval.low)),
        high_word=word(rubric, nearest(interval.high)),
    )


def word(rubric: Rubric, level: int) -> str:
    return rubric.levels.get(level, f"level {level}")


def target(rubric: Rubric, role_level: str) -> int:
    """The whole level that bears the name of the role's level; 4 where none does."""
    for level, name in sorted(rubric.levels.items()):
        if name.casefold() == role_level.casefold():
            return level
    return 4


def _quantile(values: Sequence[float], share: float) -> float:
    """Between neighbours in proportion, so that it never falls when a value rises."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
