"""From checks to levels, in code. A calibration fitted on rated answers takes the place of `UncalibratedLevels`."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Protocol

from rubrics.models import Interval, Row
from rubrics.trace import CheckTrace

LOWEST, HIGHEST = 1.0, 5.0
_BEGINS, _FULL = 0.1, 0.6
"""Shares of the example's log-odds between which a yes grows from nothing to full credit."""
_HALF_WIDTH = 0.5
"""Half the width of an interval whose checks are all clear; it doubles where none is."""
OFF_TOPIC_SHARE, _ON_TOPIC_SHARE = 0.4, 0.5
"""Fit to the question below which an answer counts for nothing, and from which it counts in full.

Short answers fit less clearly than long ones that say the same: a wider doubt would cost them levels.
"""


class Levels(Protocol):
    """Turns what was measured of an answer into levels, for one model and one rubric version."""

    @property
    def calibrated(self) -> bool:
        """False adds the flag `uncalibrated` to every grade."""

    def asks(self, row: str, check: str) -> bool:
        """Whether a level depends on what the model says to the check; if not, the model is not asked."""

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        """The level of one row. A check without a quote speaks for nothing."""

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        """One level for the whole answer; it never falls when a row rises."""


class UncalibratedLevels:
    """A fixed rule, the same for every model and rubric. Its intervals are spreads of the checks, not coverage."""

    calibrated = False

    def asks(self, row: str, check: str) -> bool:
        return True

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        """One step up the scale for each level, as far as the checks of that level are met."""
        credits: dict[int, list[float]] = defaultdict(list)
        for check in checks:
            credits[check.level].append(credit(check))
        level, step = LOWEST, 0.0
        for number in range(5, 1, -1):
            step = fmean(credits[number]) if credits[number] else step
            level += step
        doubt = fmean(4 * c * (1 - c) for each in credits.values() for c in each)
        return _interval(level, _HALF_WIDTH * (1 + doubt))

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        """The quadratic mean: an answer is known by its strong rows more than by those its question did not ask for."""
        return Interval(
            level=_quadratic_mean([row.level for row in rows.values()]),
            low=_quadratic_mean([row.low for row in rows.values()]),
            high=_quadratic_mean([row.high for row in rows.values()]),
        )


def combine(
    levels: Levels, rows: Sequence[Row], checks: Sequence[CheckTrace], fit: float
) -> tuple[dict[str, Interval], Interval]:
    """Level by row, and overall, of one answer. Needs no model: levels can be computed again from a stored trace."""
    by_row = {
        row.id: _lowered(levels.row(row, [check for check in checks if check.row == row.id]), fit)
        for row in rows
    }
    return by_row, levels.overall(by_row)


def credit(check: CheckTrace) -> float:
    """How far a check counts as a yes, 0-1; without a quote it is a no."""
    if check.quote is None:
        return 0.0
    return min(1.0, max(0.0, (check.share - _BEGINS) / (_FULL - _BEGINS)))


def _lowered(level: Interval, fit: float) -> Interval:
    """A level as far as the answer fits its question: nothing is taken from one that clearly does."""
    weight = min(1.0, max(0.0, (fit - OFF_TOPIC_SHARE) / (_ON_TOPIC_SHARE - OFF_TOPIC_SHARE)))
    return Interval(
        **{name: round(1 + (value - 1) * weight, 2) for name, value in level.model_dump().items()}
    )


def _quadratic_mean(levels: Sequence[float]) -> float:
    return round(math.sqrt(fmean(level * level for level in levels)), 2)


def _interval(level: float, half_width: float) -> Interval:
    return Interval(
        level=round(level, 2),
        low=round(max(LOWEST, level - half_width), 2),
        high=round(min(HIGHEST, level + half_width), 2),
    )
