"""Re-ranking that keeps a share of places for the long tail."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    track_id: str
    artist_id: str
    score: float
    is_tail: bool


Queue = list[tuple[float, str, Candidate]]
"""A heap with the best candidate first: highest score, then smallest track id."""


def rerank(
    candidates: Iterable[Candidate], k: int, tail_percent: int, max_per_artist: int
) -> list[Candidate]:
    """At most `k` candidates; of the first n places at least floor(tail_percent * n / 100) go to tail tracks."""
    if k < 0 or not 0 <= tail_percent <= 100 or max_per_artist < 1:
        raise ValueError("k must be at least 0, tail_percent within 0-100, max_per_artist at least 1")
    tail: Queue = []
    head: Queue = []
    for candidate in candidates:
        queue = tail if candidate.is_tail else head
        queue.append((-candidate.score, candidate.track_id, candidate))
    heapq.heapify(tail)
    heapq.heapify(head)

    placed: list[Candidate] = []
    places: Counter[str] = Counter()
    tail_placed = 0
    while len(placed) < k:
        for queue in (tail, head):
            while queue and places[queue[0][2].artist_id] >= max_per_artist:
                heapq.heappop(queue)
        if not tail and not head:
            break
        promised = tail_percent * (len(placed) + 1) // 100
        take_tail = bool(tail) and (not head or tail_placed < promised or tail[0] < head[0])
        *_, chosen = heapq.heappop(tail if take_tail else head)
        placed.append(chosen)
        places[chosen.artist_id] += 1
        tail_placed += take_tail
    return placed
