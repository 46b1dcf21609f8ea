"""How far people who rated the same answers agree, row by row."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from evals.agreement import alpha_of
from evals.metrics import mean, quadratic_kappa
from evals.rating import HandRating

Scores = dict[str, dict[str, int]]
"""By rater, then by answer."""


class Agreement(NamedTuple):
    """Two raters on one row. `kappa` is None where neither ever gave two different levels."""

    row: str
    raters: tuple[str, str]
    answers: int
    kappa: float | None
    exact: float
    adjacent: float


class Reliability(NamedTuple):
    """All raters on one row. `alpha` is None where they gave one level only, or rated nothing in common."""

    row: str
    raters: int
    answers: int
    alpha: float | None


def compare(ratings: Iterable[HandRating]) -> tuple[list[Agreement], list[Reliability]]:
    """Every two raters who have answers in common, and all together."""
    by_row: dict[str, Scores] = defaultdict(lambda: defaultdict(dict))
    for rating in ratings:
        by_row[rating.row][rating.rater][rating.id] = rating.score
    pairs = [
        _pair(row, (one, other), scores)
        for row, scores in by_row.items()
        for one, other in combinations(sorted(scores), 2)
        if scores[one].keys() & scores[other].keys()
    ]
    return pairs, [_reliability(row, scores) for row, scores in by_row.items()]


def _pair(row: str, raters: tuple[str, str], scores: Scores) -> Agreement:
    one, other = (scores[rater] for rater in raters)
    both = sorted(one.keys() & other.keys())
    x, y = (np.array([each[answer] for answer in both], dtype=np.float64) for each in (one, other))
    every = np.ones((1, len(both)))
    kappa = float(quadratic_kappa(x, y, every)[0])
    apart = np.abs(x - y)
    exact, adjacent = (float(mean(apart <= steps, every)[0]) for steps in (0, 1))
    return Agreement(row, raters, len(both), kappa if np.isfinite(kappa) else None, exact, adjacent)


def _reliability(row: str, scores: Scores) -> Reliability:
    answers = sorted({answer for each in scores.values() for answer in each})
    table = np.array([[each.get(answer, np.nan) for answer in answers] for each in scores.values()])
    return Reliability(row, len(scores), len(answers), alpha_of(table))
