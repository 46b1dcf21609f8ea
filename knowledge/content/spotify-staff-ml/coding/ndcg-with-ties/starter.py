"""Normalised discounted cumulative gain that is fair to tied scores."""

from collections.abc import Iterable, Sequence


def ndcg_at_k(scores: Sequence[float], gains: Sequence[float], k: int) -> float | None:
    """Expected nDCG of the first `k` places over random orders of tied items; None for a list without gain."""
    ...


def mean_ndcg(lists: Iterable[tuple[Sequence[float], Sequence[float]]], k: int) -> tuple[float | None, int]:
    """Mean over the lists that have an nDCG, and their number."""
    ...
