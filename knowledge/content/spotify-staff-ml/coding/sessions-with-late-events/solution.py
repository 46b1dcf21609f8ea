"""Sessions from a stream of events that may come late."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    user_id: str
    start_s: int
    end_s: int
    events: int


class Sessionizer:
    """Joins events at most `gap_s` apart; events may come up to `lateness_s` behind the newest one.

    A permitted event lies at or after the watermark, a closed session more than `gap_s` before it: so nothing that was
    returned can change. The heap may hold ends that a session has outgrown; those match no open session.
    """

    dropped: int
    """Events that came too late."""

    def __init__(self, gap_s: int, lateness_s: int) -> None:
        """Raises ValueError if either is negative."""
        if gap_s < 0 or lateness_s < 0:
            raise ValueError(f"gap_s and lateness_s must not be negative: {gap_s}, {lateness_s}")
        self.dropped = 0
        self._gap_s = gap_s
        self._lateness_s = lateness_s
        self._watermark_s: int | None = None
        self._open: dict[str, list[Session]] = {}
        self._ends: list[tuple[int, str]] = []

    def add(self, user_id: str, at_s: int) -> list[Session]:
        """Take one event; returns the sessions that no permitted event can change from now on."""
        if self._watermark_s is not None and at_s < self._watermark_s:
            self.dropped += 1
            return []
        start_s = end_s = at_s
        events = 1
        apart: list[Session] = []
        for session in self._open.get(user_id, []):
            if session.start_s - self._gap_s <= at_s <= session.end_s + self._gap_s:
                start_s, end_s = min(start_s, session.start_s), max(end_s, session.end_s)
                events += session.events
            else:
                apart.append(session)
        self._open[user_id] = [*apart, Session(user_id, start_s, end_s, events)]
        heapq.heappush(self._ends, (end_s, user_id))
        newest_s = at_s - self._lateness_s
        self._watermark_s = newest_s if self._watermark_s is None else max(self._watermark_s, newest_s)
        return self._close(self._watermark_s)

    def flush(self) -> list[Session]:
        """Everything still open, which is then forgotten."""
        still_open = in_order(session for sessions in self._open.values() for session in sessions)
        self._open.clear()
        self._ends.clear()
        return still_open

    def _close(self, watermark_s: int) -> list[Session]:
        closed: list[Session] = []
        while self._ends and self._ends[0][0] + self._gap_s < watermark_s:
            end_s, user_id = heapq.heappop(self._ends)
            sessions = self._open.pop(user_id, [])
            closed += [session for session in sessions if session.end_s == end_s]
            if remaining := [session for session in sessions if session.end_s != end_s]:
                self._open[user_id] = remaining
        return in_order(closed)


def in_order(sessions: Iterable[Session]) -> list[Session]:
    return sorted(sessions, key=lambda session: (session.start_s, session.user_id))
