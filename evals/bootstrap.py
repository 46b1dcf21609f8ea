"""Intervals by resampling."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
Array = NDArray[np.float64]


class Estimate(NamedTuple):
    """A mean with the interval that holds 95 % of its resampled values."""

    value: float
    low: float
    high: float


def mean_with_interval(values: Sequence[float], *, seed: int = 0) -> Estimate:
    """`values` must not be empty."""
    sample = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.quantile(sample[picks].mean(axis=1), [0.025, 0.975])
    return Estimate(float(sample.mean()), float(low), float(high))


class Resampling:
    """Draws whole clusters, with replacement, as a weight for each: how often it was drawn.

    All figures of one score share the draws, so that their differences are paired.
    """

    def __init__(self, clusters: Iterable[str], *, seed: int = 0, times: int = RESAMPLES) -> None:
        names = sorted(set(clusters))
        self._column = {name: column for column, name in enumerate(names)}
        draws = np.random.default_rng(seed).multinomial(len(names), [1 / len(names)] * len(names), size=times)
        enough = len(names) > 1
        self._weights = np.vstack([np.ones(len(names)), *([draws] if enough else [])]).astype(np.float64)

    def weights(self, clusters: Sequence[str]) -> Array:
        """One row a draw, one column an item; the first row is the sample itself, where every item counts once.

        Items of a single cluster weigh nothing in the draws: nothing can be said about how they would vary.
        """
        weights = self._weights[:, [self._column[name] for name in clusters]]
        if len(set(clusters)) < 2:
            weights[1:] = 0
        return weights


def interval(draws: Array) -> tuple[float | None, float | None, float | None]:
    """Value, low and high of a figure that was computed for every row of `Resampling.weights`.

    None stands for what is not defined: the spread of a constant, or an interval of a single cluster.
    """
    value, rest = draws[0], draws[1:][np.isfinite(draws[1:])]
    if not np.isfinite(value):
        return None, None, None
    if rest.size < 2:
        return float(value), None, None
    low, high = np.quantile(rest, [0.025, 0.975])
    return float(value), float(low), float(high)
