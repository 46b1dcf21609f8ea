"""Scoring a stream of rows in batches, with bounded memory and retries."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


class TransientError(Exception):
    """A failure that may pass: worth another attempt."""


@dataclass(frozen=True)
class Scored(Generic[Row]):
    row: Row
    score: float | None
    attempts: int


def score_stream(
    rows: Iterable[Row],
    score_batch: Callable[[list[Row]], Sequence[float]],
    batch_size: int,
    max_attempts: int = 3,
    base_wait_s: float = 0.5,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Scored[Row]]:
    """One `Scored` per row, in order; a batch that fails `max_attempts` times gets no scores."""
    ...
