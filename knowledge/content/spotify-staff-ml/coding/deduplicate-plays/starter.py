"""One row per play, from a log with retries and progress reports."""

from collections.abc import Iterable
from dataclasses import dataclass

TOLERANCE_MS = 2_000


@dataclass(frozen=True)
class Row:
    user_id: str
    event_id: str | None
    track_id: str
    started_at_ms: int
    played_ms: int
    received_at_ms: int


def deduplicate(rows: Iterable[Row]) -> list[Row]:
    """The best row of each play, ordered by start, listener, track and event id; the input's order is irrelevant."""
    ...
