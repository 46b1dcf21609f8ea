"""Fair samples of fixed size from each popularity bucket, in one pass."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """Rows drawn from one bucket, and how many rows of the bucket passed by."""

    tracks: list[str]
    seen: int


def sample_by_popularity(
    plays: Iterable[tuple[str, float]], boundaries: Sequence[float], k: int, rng: random.Random
) -> list[Sample]:
    """At most `k` rows of each bucket, all rows of a bucket being equally likely."""
    ...


def merge(first: Sample, second: Sample, k: int, rng: random.Random) -> Sample:
    """A sample of both partitions together; both inputs were drawn with the same `k`."""
    ...
