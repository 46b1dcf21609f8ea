"""Smoothed target encoding: out of fold for training, from all rows for serving."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Encoding:
    values: Mapping[Hashable, float]
    prior: float

    def of(self, key: Hashable) -> float:
        """The encoding of `key`, whether or not it occurred."""
        return self.values.get(key, self.prior)


@dataclass
class Tally:
    """How many rows, and the sum of their labels."""

    rows: int = 0
    positives: int = 0

    def add(self, label: int) -> None:
        self.rows += 1
        self.positives += label

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.rows - other.rows, self.positives - other.positives)

    @property
    def rate(self) -> float:
        return self.positives / self.rows

    def smoothed(self, prior: float, strength: float) -> float:
        if not self.rows:
            return prior
        return (self.positives + strength * prior) / (self.rows + strength)


def fit(keys: Sequence[Hashable], labels: Sequence[int], strength: float) -> Encoding:
    """The encoding of each key from all rows."""
    check(strength, keys, labels)
    if not keys:
        raise ValueError("there are no rows to learn from")
    total, by_key = Tally(), defaultdict[Hashable, Tally](Tally)
    for key, label in zip(keys, labels, strict=True):
        total.add(label)
        by_key[key].add(label)
    return Encoding({key: tally.smoothed(total.rate, strength) for key, tally in by_key.items()}, total.rate)


def out_of_fold(
    keys: Sequence[Hashable], labels: Sequence[int], folds: Sequence[Hashable], strength: float
) -> list[float]:
    """For each row the encoding of its key from the rows of all other folds.

    What the other folds hold is the total minus the row's own fold, for the key and for the prior alike.
    """
    check(strength, keys, labels, folds)
    if keys and len(set(folds)) < 2:
        raise ValueError("at least two folds are needed")
    total, by_fold = Tally(), defaultdict[Hashable, Tally](Tally)
    by_key, by_key_and_fold = defaultdict[Hashable, Tally](Tally), defaultdict[Hashable, Tally](Tally)
    for key, label, fold in zip(keys, labels, folds, strict=True):
        for tally in (total, by_fold[fold], by_key[key], by_key_and_fold[key, fold]):
            tally.add(label)
    priors = {fold: (total - tally).rate for fold, tally in by_fold.items()}
    return [
        (by_key[key] - by_key_and_fold[key, fold]).smoothed(priors[fold], strength)
        for key, fold in zip(keys, folds, strict=True)
    ]


def check(strength: float, *columns: Sequence[Hashable]) -> None:
    if strength < 0:
        raise ValueError(f"strength must not be negative, but is {strength}")
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"columns differ in length: {[len(column) for column in columns]}")
