"""Fair samples of fixed size from each popularity bucket, in one pass."""

import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Sample:
    """Rows drawn from one bucket, and how many rows of the bucket passed by."""

    tracks: list[str]
    seen: int


def sample_by_popularity(
    plays: Iterable[tuple[str, float]], boundaries: Sequence[float], k: int, rng: random.Random
) -> list[Sample]:
    """At most `k` rows of each bucket, all rows of a bucket being equally likely (Vitter's algorithm R)."""
    check(k)
    if any(lower >= upper for lower, upper in pairwise(boundaries)):
        raise ValueError(f"boundaries must ascend: {list(boundaries)}")
    kept: list[list[str]] = [[] for _ in range(len(boundaries) + 1)]
    seen = [0] * len(kept)
    for track_id, popularity in plays:
        bucket = bisect_right(boundaries, popularity)
        seen[bucket] += 1
        if len(kept[bucket]) < k:
            kept[bucket].append(track_id)
        elif (slot := rng.randrange(seen[bucket])) < k:
            kept[bucket][slot] = track_id
    return [Sample(tracks, count) for tracks, count in zip(kept, seen, strict=True)]


def merge(first: Sample, second: Sample, k: int, rng: random.Random) -> Sample:
    """A sample of both partitions together; both inputs were drawn with the same `k`.

    Rows are drawn one by one without replacement: the next one comes from a partition with a probability
    proportional to the rows of it that are still undrawn.
    """
    check(k)
    seen = first.seen + second.seen
    pools = [rng.sample(sample.tracks, len(sample.tracks)) for sample in (first, second)]
    undrawn = [first.seen, second.seen]
    merged: list[str] = []
    for _ in range(min(k, seen)):
        source = 0 if rng.randrange(sum(undrawn)) < undrawn[0] else 1
        undrawn[source] -= 1
        merged.append(pools[source].pop())
    return Sample(merged, seen)


def check(k: int) -> None:
    if k < 0:
        raise ValueError(f"k must not be negative, but is {k}")
