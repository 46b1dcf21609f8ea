"""Does the same answer get the same level again?"""

from collections.abc import Sequence

import numpy as np

from evals.bootstrap import Array, Resampling
from evals.datasets import OVERALL
from evals.errors import LogError
from evals.metrics import mean, rounded
from evals.paired import paired
from evals.runlog import RunLog
from evals.scores import Figure, RetestScore


def retest(logs: Sequence[RunLog], *, seed: int = 0) -> RetestScore:
    """Of `overall`, over several runs of the same work. Raises LogError where they have no answers in common."""
    first = paired(logs[0].graded, OVERALL)
    by_run = [first.levels, *(paired(log.graded, OVERALL).levels for log in logs[1:])]
    common = first.where([all(item.id in levels for levels in by_run) for item in first.items])
    if len(common) < 2:
        raise LogError(
            "a retest needs two answers that every run scored\n  fix: name runs of the same dataset"
        )
    table = np.array([[levels[item.id] for levels in by_run] for item in common.items], dtype=np.float64)
    weights = Resampling(common.clusters, seed=seed).weights(list(common.clusters))
    whole = rounded(table)
    return RetestScore(
        runs=len(logs),
        answers=len(common),
        icc=Figure.of(np.array([icc(np.repeat(table, draw.astype(int), axis=0)) for draw in weights])),
        flips=Figure.of(mean(whole.min(axis=1) != whole.max(axis=1), weights)),
    )


def icc(table: Array) -> float:
    """ICC(2,1) of Shrout and Fleiss: one row an answer, one column a run; NaN where all levels are equal."""
    n, k = table.shape
    if n < 2:
        return np.nan
    total = table.mean()
    answers = k * ((table.mean(axis=1) - total) ** 2).sum() / (n - 1)
    runs = n * ((table.mean(axis=0) - total) ** 2).sum() / (k - 1)
    rest = ((table - total) ** 2).sum() - answers * (n - 1) - runs * (k - 1)
    error = rest / ((n - 1) * (k - 1))
    below = answers + (k - 1) * error + k * (runs - error) / n
    return float((answers - error) / below) if below > 1e-12 else np.nan
