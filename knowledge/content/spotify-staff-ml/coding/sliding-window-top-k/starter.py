"""Most played tracks within a sliding window of time."""


class TrendingTracks:
    """Counts plays of the last `window_s` seconds; times are whole seconds and never run backwards."""

    def __init__(self, window_s: int) -> None:
        """Raises ValueError if `window_s` is below 1."""
        ...

    def add(self, track_id: str, at_s: int) -> None:
        """Record one play."""
        ...

    def top(self, k: int, now_s: int) -> list[tuple[str, int]]:
        """The `k` most played tracks with their plays, most plays first, equal counts by track id."""
        ...
