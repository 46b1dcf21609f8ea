"""From checks to levels, in code. A calibration fitted on rated answers takes the place of `UncalibratedLevels`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Protocol

from rubrics.models import Interval, Row
from rubrics.trace import CheckTrace

LOWEST, HIGHEST = 1.0, 5.0
_BEGINS_ODDS, _FULL_ODDS = 0.4, 1.8
"""Adjusted log-odds between which a yes grows from nothing to full credit."""
_LOWER_SHARE = 0.5
"""How much of a level's credit depends on the credit of the levels below it."""
_WEAKEST_SHARE = 0.25
"""How much of `overall` is decided by the weakest row alone."""
_SPREAD = 0.5
"""Half the width of an interval whose checks are all clear."""


class Levels(Protocol):
    """Turns what was measured of an answer into levels, for one model and one rubric version."""

    @property
    def calibrated(self) -> bool:
        """False adds the flag `uncalibrated` to every grade."""

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        """The level of one row. A check without a quote speaks for nothing."""

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        """One level for the whole answer; it never falls when a row rises."""


class UncalibratedLevels:
    """A fixed rule, the same for every model and rubric. Its intervals are spreads of the checks, not coverage."""

    calibrated = False

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        by_level: dict[int, list[float]] = defaultdict(list)
        for check in checks:
            by_level[check.level].append(credit(check))
        reached: list[float] = []
        total = LOWEST
        for level in sorted(by_level):
            own = fmean(by_level[level])
            below = fmean(reached) if reached else 1.0
            reached.append(own)
            total += own * (1 - _LOWER_SHARE + _LOWER_SHARE * below)
        doubt = fmean(4 * c * (1 - c) for cs in by_level.values() for c in cs)
        return _interval(total, _SPREAD * (1 + doubt))

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        return Interval(
            level=_combined([row.level for row in rows.values()]),
            low=_combined([row.low for row in rows.values()]),
            high=_combined([row.high for row in rows.values()]),
        )


def credit(check: CheckTrace) -> float:
    """How far a check counts as a yes, 0-1; without a quote it is a no."""
    if check.quote is None:
        return 0.0
    return min(1.0, max(0.0, (check.adjusted - _BEGINS_ODDS) / (_FULL_ODDS - _BEGINS_ODDS)))


def _combined(levels: Sequence[float]) -> float:
    """A mean that a weak row pulls down: strength in one row does not make up for the lack of another."""
    return round((1 - _WEAKEST_SHARE) * fmean(levels) + _WEAKEST_SHARE * min(levels), 2)


def _interval(level: float, half_width: float) -> Interval:
    level = min(HIGHEST, max(LOWEST, level))
    return Interval(
        level=round(level, 2),
        low=round(max(LOWEST, level - half_width), 2),
        high=round(min(HIGHEST, level + half_width), 2),
    )
