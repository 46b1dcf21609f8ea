"""Most played tracks within a sliding window of time."""

import heapq
from collections import Counter, deque


class TrendingTracks:
    """Counts plays of the last `window_s` seconds; times are whole seconds and never run backwards.

    Totals are kept up to date, and the plays of each second are remembered as counts, so that they can be taken
    away together when that second leaves the window.
    """

    def __init__(self, window_s: int) -> None:
        """Raises ValueError if `window_s` is below 1."""
        if window_s < 1:
            raise ValueError(f"window_s must be at least 1, not {window_s}")
        self._window_s = window_s
        self._now_s: int | None = None
        self._seconds: deque[tuple[int, Counter[str]]] = deque()
        self._totals: dict[str, int] = {}

    def add(self, track_id: str, at_s: int) -> None:
        """Record one play."""
        self._move_to(at_s)
        if not self._seconds or self._seconds[-1][0] != at_s:
            self._seconds.append((at_s, Counter()))
        self._seconds[-1][1][track_id] += 1
        self._totals[track_id] = self._totals.get(track_id, 0) + 1

    def top(self, k: int, now_s: int) -> list[tuple[str, int]]:
        """The `k` most played tracks with their plays, most plays first, equal counts by track id."""
        self._move_to(now_s)
        return heapq.nsmallest(k, self._totals.items(), key=lambda item: (-item[1], item[0]))

    def _move_to(self, now_s: int) -> None:
        """Set the time, and take away the plays that have left the window."""
        if self._now_s is not None and now_s < self._now_s:
            raise ValueError(f"time runs backwards: {now_s} after {self._now_s}")
        self._now_s = now_s
        while self._seconds and self._seconds[0][0] <= now_s - self._window_s:
            _, plays = self._seconds.popleft()
            for track_id, count in plays.items():
                left = self._totals[track_id] - count
                if left:
                    self._totals[track_id] = left
                else:
                    del self._totals[track_id]
