"""Scoring a stream of rows in batches, with bounded memory and retries."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Row = TypeVar("Row")


class TransientError(Exception):
    """A failure that may pass: worth another attempt."""


@dataclass(frozen=True)
class Scored(Generic[Row]):
    row: Row
    score: float | None
    attempts: int


@dataclass(frozen=True)
class Retry:
    """How often to try a batch, and how long to wait in between."""

    max_attempts: int
    base_wait_s: float
    wait: Callable[[float], object]

    def score(
        self, batch: list[Row], score_batch: Callable[[list[Row]], Sequence[float]]
    ) -> Iterable[Scored[Row]]:
        """The batch with its scores, or without any if every attempt failed."""
        for attempt in range(1, self.max_attempts + 1):
            if attempt > 1:
                self.wait(self.base_wait_s * 2 ** (attempt - 2))
            try:
                scores = score_batch(batch)
            except TransientError:
                continue
            if len(scores) != len(batch):
                raise ValueError(f"{len(batch)} rows were given {len(scores)} scores")
            return [Scored(row, score, attempt) for row, score in zip(batch, scores, strict=True)]
        return [Scored(row, None, self.max_attempts) for row in batch]


def score_stream(
    rows: Iterable[Row],
    score_batch: Callable[[list[Row]], Sequence[float]],
    batch_size: int,
    max_attempts: int = 3,
    base_wait_s: float = 0.5,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Scored[Row]]:
    """One `Scored` per row, in order; a batch that fails `max_attempts` times gets no scores.

    Not a generator itself, so that wrong arguments are reported at the call.
    """
    if batch_size < 1 or max_attempts < 1:
        raise ValueError("batch_size and max_attempts must be at least 1")
    retry = Retry(max_attempts, base_wait_s, wait)
    return (scored for batch in batches(rows, batch_size) for scored in retry.score(batch, score_batch))


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of `size` rows, the last one perhaps shorter."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
