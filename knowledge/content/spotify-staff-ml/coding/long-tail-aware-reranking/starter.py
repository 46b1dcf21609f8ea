"""Re-ranking that keeps a share of places for the long tail."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    track_id: str
    artist_id: str
    score: float
    is_tail: bool


def rerank(
    candidates: Iterable[Candidate], k: int, tail_percent: int, max_per_artist: int
) -> list[Candidate]:
    """At most `k` candidates; of the first n places at least floor(tail_percent * n / 100) go to tail tracks."""
    ...
