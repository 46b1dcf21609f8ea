"""Sessions from a stream of events that may come late."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    user_id: str
    start_s: int
    end_s: int
    events: int


class Sessionizer:
    """Joins events at most `gap_s` apart; events may come up to `lateness_s` behind the newest one."""

    dropped: int
    """Events that came too late."""

    def __init__(self, gap_s: int, lateness_s: int) -> None:
        """Raises ValueError if either is negative."""
        ...

    def add(self, user_id: str, at_s: int) -> list[Session]:
        """Take one event; returns the sessions that no permitted event can change from now on."""
        ...

    def flush(self) -> list[Session]:
        """Everything still open, which is then forgotten."""
        ...
