"""Intervals by resampling."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

RESAMPLES = 2000


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
