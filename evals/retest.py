"""Does the same answer get the same level again?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.bootstrap import Array
from evals.errors import LogError
from evals.metrics import rounded
from evals.paired import Paired, paired
from evals.runlog import RunLog


@dataclass(frozen=True)
class Retest:
    """Of `overall`, over several runs of the same work."""

    runs: int
    answers: int
    icc: float | None
    """ICC(2,1), absolute agreement; None where all levels are equal."""
    flips: float
    """Share of answers whose whole level was not the same in every run."""


def retest(logs: Sequence[RunLog]) -> Retest:
    """Raises LogError where the logs have no answers in common."""
    columns = [paired(log.graded, "overall") for log in logs]
    table = _table(columns)
    if len(table) < 2:
        raise LogError(
            "a retest needs two answers that every run scored\n  fix: name runs of the same dataset"
        )
    whole = rounded(table)
    return Retest(
        runs=len(logs),
        answers=len(table),
        icc=icc(table),
        flips=float((whole.min(axis=1) != whole.max(axis=1)).mean()),
    )


def icc(table: Array) -> float | None:
    """ICC(2,1) of Shrout and Fleiss: one row an answer, one column a run."""
    n, k = table.shape
    total = table.mean()
    answers = k * ((table.mean(axis=1) - total) ** 2).sum() / (n - 1)
    runs = n * ((table.mean(axis=0) - total) ** 2).sum() / (k - 1)
    rest = ((table - total) ** 2).sum() - answers * (n - 1) - runs * (k - 1)
    error = rest / ((n - 1) * (k - 1))
    below = answers + (k - 1) * error + k * (runs - error) / n
    return float((answers - error) / below) if below > 1e-12 else None


def _table(columns: Sequence[Paired]) -> Array:
    by_run = [column.levels for column in columns]
    common = [id_ for id_ in by_run[0] if all(id_ in levels for levels in by_run)]
    return np.array([[levels[id_] for levels in by_run] for id_ in common], dtype=np.float64)
