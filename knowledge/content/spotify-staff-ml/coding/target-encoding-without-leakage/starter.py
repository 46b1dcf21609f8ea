"""Smoothed target encoding: out of fold for training, from all rows for serving."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Encoding:
    values: Mapping[Hashable, float]
    prior: float

    def of(self, key: Hashable) -> float:
        """The encoding of `key`, whether or not it occurred."""
        ...


def fit(keys: Sequence[Hashable], labels: Sequence[int], strength: float) -> Encoding:
    """The encoding of each key from all rows."""
    ...


def out_of_fold(
    keys: Sequence[Hashable], labels: Sequence[int], folds: Sequence[Hashable], strength: float
) -> list[float]:
    """For each row the encoding of its key from the rows of all other folds."""
    ...
