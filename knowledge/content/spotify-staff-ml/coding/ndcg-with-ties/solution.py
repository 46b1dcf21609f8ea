"""Normalised discounted cumulative gain that is fair to tied scores."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby


def ndcg_at_k(scores: Sequence[float], gains: Sequence[float], k: int) -> float | None:
    """Expected nDCG of the first `k` places over random orders of tied items; None for a list without gain."""
    check(scores, gains, k)
    best = sum(gain * discount(place) for place, gain in enumerate(sorted(gains, reverse=True)[:k], start=1))
    if best == 0:
        return None
    ranked = sorted(zip(scores, gains, strict=True), reverse=True)
    expected = 0.0
    placed = 0
    for _, group in groupby(ranked, key=lambda item: item[0]):
        tied = [gain for _, gain in group]
        places = range(placed + 1, min(placed + len(tied), k) + 1)
        expected += sum(tied) / len(tied) * sum(discount(place) for place in places)
        placed += len(tied)
    return expected / best


def mean_ndcg(lists: Iterable[tuple[Sequence[float], Sequence[float]]], k: int) -> tuple[float | None, int]:
    """Mean over the lists that have an nDCG, and their number."""
    values = [value for scores, gains in lists if (value := ndcg_at_k(scores, gains, k)) is not None]
    return (math.fsum(values) / len(values), len(values)) if values else (None, 0)


def discount(place: int) -> float:
    return 1 / math.log2(place + 1)


def check(scores: Sequence[float], gains: Sequence[float], k: int) -> None:
    if len(scores) != len(gains):
        raise ValueError(f"{len(scores)} scores, but {len(gains)} gains")
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if any(math.isnan(value) for value in (*scores, *gains)):
        raise ValueError("scores and gains must not be NaN")
    if any(gain < 0 for gain in gains):
        raise ValueError("gains must not be negative")
