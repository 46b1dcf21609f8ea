"""How far the raters agree with each other: what a grader can be expected to reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evals.bootstrap import Array, Resampling
from evals.datasets import Item
from evals.metrics import mean, quadratic_kappa, rounded

LABELS = {"authored": "authored, AI raters"}


def label(provenances: Sequence[str]) -> str:
    """Who rated, as reports say it: an authored target is never taken for a human rating."""
    return "; ".join(dict.fromkeys(LABELS.get(p, p) for p in sorted(set(provenances))))


@dataclass(frozen=True)
class RaterPair:
    """Draws of the two measures, the sample itself first."""

    raters: tuple[str, str]
    answers: int
    kappa: Array
    exact: Array


def rater_pairs(items: Sequence[Item], row: str, resampling: Resampling) -> list[RaterPair]:
    """Every two raters who rated common answers."""
    names = sorted({rater for item in items for rater in item.ratings(row)})
    found = []
    for one, other in combinations(names, 2):
        both = [(item, item.ratings(row)) for item in items]
        both = [(item, scores) for item, scores in both if one in scores and other in scores]
        if not both:
            continue
        x, y = (rounded(np.array([scores[who] for _, scores in both])) for who in (one, other))
        weights = resampling.weights([item.cluster for item, _ in both])
        found.append(
            RaterPair((one, other), len(both), quadratic_kappa(x, y, weights), mean(x == y, weights))
        )
    return found


def with_raters(items: Sequence[Item], row: str, level: Array, resampling: Resampling) -> Array | None:
    """The grader's mean kappa with single raters, comparable to that of raters with each other."""
    kappas = []
    for rater in sorted({rater for item in items for rater in item.ratings(row)}):
        rated = [(i, item.ratings(row)[rater]) for i, item in enumerate(items) if rater in item.ratings(row)]
        weights = resampling.weights([items[i].cluster for i, _ in rated])
        scores = rounded(np.array([score for _, score in rated]))
        kappas.append(quadratic_kappa(rounded(level[[i for i, _ in rated]]), scores, weights))
    return np.mean(kappas, axis=0) if kappas else None


def alpha(items: Sequence[Item], row: str) -> float | None:
    """Krippendorff's alpha, ordinal, of all raters; None where they could not have disagreed."""
    names = sorted({rater for item in items for rater in item.ratings(row)})
    return alpha_of(np.array([[item.ratings(row).get(name, np.nan) for item in items] for name in names]))


def alpha_of(table: Array) -> float | None:
    """The same of scores, one row a rater and one column an answer; NaN where a rater gave none."""
    import krippendorff

    common = table[:, np.isfinite(table).sum(axis=0) > 1] if table.size else table
    if len(np.unique(common[np.isfinite(common)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=common, level_of_measurement="ordinal"))
