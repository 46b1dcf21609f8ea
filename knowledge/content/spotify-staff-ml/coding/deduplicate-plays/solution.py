"""One row per play, from a log with retries and progress reports."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
    identified: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    anonymous: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.event_id is None:
            anonymous[row.user_id, row.track_id].append(row)
        else:
            identified[row.user_id, row.event_id].append(row)
    plays = list(identified.values())
    for same_track in anonymous.values():
        plays.extend(split_by_start(same_track))
    return sorted((min(play, key=preference) for play in plays), key=output_order)


def split_by_start(rows: list[Row]) -> Iterator[list[Row]]:
    """Groups of rows that start within the tolerance of the first row of their group."""
    group: list[Row] = []
    for row in sorted(rows, key=lambda r: r.started_at_ms):
        if group and row.started_at_ms - group[0].started_at_ms > TOLERANCE_MS:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def preference(row: Row) -> tuple[int, int, int]:
    """Smallest for the row to keep."""
    return (-row.played_ms, row.received_at_ms, row.started_at_ms)


def output_order(row: Row) -> tuple[int, str, str, bool, str]:
    return (row.started_at_ms, row.user_id, row.track_id, row.event_id is not None, row.event_id or "")
