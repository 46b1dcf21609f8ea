"""Drift of one feature between a reference sample and a current one."""

from numpy.typing import ArrayLike

SMALLEST_SHARE = 1e-4


def psi(reference: ArrayLike, current: ArrayLike, bins: int = 10) -> float:
    """Population stability index over quantile bins of the reference, with a bin for NaN."""
    ...


def ks(reference: ArrayLike, current: ArrayLike) -> float:
    """Kolmogorov-Smirnov statistic of the values that are not NaN, within 0-1."""
    ...
