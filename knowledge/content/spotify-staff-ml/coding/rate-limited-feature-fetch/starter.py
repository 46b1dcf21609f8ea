"""A client of a feature store that caches, batches and keeps to a rate limit."""

import time
from collections.abc import Callable, Iterable, Mapping

Features = Mapping[str, float]


class FetchError(Exception):
    """The feature store did not answer."""


class FeatureClient:
    """Answers from its cache while fresh, from the store in batches, and from stale answers if the store fails."""

    def __init__(
        self,
        fetch: Callable[[list[str]], Mapping[str, Features]],
        batch_size: int,
        rate_per_s: float,
        burst: int,
        ttl_s: float,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Raises ValueError for a size, rate or time that is not positive."""
        ...

    def get(self, ids: Iterable[str]) -> dict[str, Features | None]:
        """The features of every different id, in order of first appearance; None where nothing is known."""
        ...
