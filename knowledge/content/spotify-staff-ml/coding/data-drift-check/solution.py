"""Drift of one feature between a reference sample and a current one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_SHARE = 1e-4

Values = NDArray[np.float64]


def psi(reference: ArrayLike, current: ArrayLike, bins: int = 10) -> float:
    """Population stability index over quantile bins of the reference, with a bin for NaN."""
    if bins < 2:
        raise ValueError(f"bins must be at least 2, not {bins}")
    before, after = as_values(reference), as_values(current)
    edges = bin_edges(before, bins)
    r, c = bin_shares(before, edges), bin_shares(after, edges)
    return float(np.sum((c - r) * np.log(c / r)))


def ks(reference: ArrayLike, current: ArrayLike) -> float:
    """Kolmogorov-Smirnov statistic of the values that are not NaN, within 0-1."""
    before, after = (np.sort(known(as_values(sample))) for sample in (reference, current))
    if not before.size or not after.size:
        raise ValueError("a sample holds nothing but NaN")
    steps = np.concatenate([before, after])
    return float(np.max(np.abs(distribution(before, steps) - distribution(after, steps))))


def as_values(sample: ArrayLike) -> Values:
    values = np.asarray(sample, dtype=np.float64)
    if not values.size:
        raise ValueError("a sample is empty")
    return values


def known(values: Values) -> Values:
    return values[~np.isnan(values)]


def bin_edges(reference: Values, bins: int) -> Values:
    """Upper edges of all bins but the last; an edge just below each spike separates what lies beneath it."""
    present = known(reference)
    if not present.size:
        return present
    quantiles = np.quantile(present, np.arange(1, bins) / bins)
    edges, counts = np.unique(quantiles, return_counts=True)
    return np.union1d(edges, np.nextafter(edges[counts > 1], -np.inf))


def bin_shares(values: Values, edges: Values) -> Values:
    """Share of each bin, the one of NaN last, none below the smallest share."""
    present = known(values)
    counts = np.bincount(np.searchsorted(edges, present, side="left"), minlength=edges.size + 1)
    shares = np.append(counts, values.size - present.size) / values.size
    return np.maximum(shares, SMALLEST_SHARE)


def distribution(ordered: Values, at: Values) -> Values:
    """Share of `ordered` that is no larger than each of `at`."""
    return np.searchsorted(ordered, at, side="right") / ordered.size
