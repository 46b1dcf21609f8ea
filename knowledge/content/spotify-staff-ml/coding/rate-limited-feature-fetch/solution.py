"""A client of a feature store that caches, batches and keeps to a rate limit."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

Features = Mapping[str, float]


class FetchError(Exception):
    """The feature store did not answer."""


class Answer(NamedTuple):
    features: Features | None
    asked_at_s: float


class TokenBucket:
    """Holds at most `burst` tokens, starts full, and refills as time passes."""

    def __init__(
        self, rate_per_s: float, burst: int, clock: Callable[[], float], wait: Callable[[float], object]
    ) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._clock = clock
        self._wait = wait
        self._tokens = float(burst)
        self._refilled_at_s = clock()

    def take(self) -> None:
        """Take one token, after waiting for it if there is none."""
        self._refill()
        if self._tokens < 1:
            self._wait((1 - self._tokens) / self._rate_per_s)
            self._refill()
        self._tokens -= 1

    def _refill(self) -> None:
        now_s = self._clock()
        gained = (now_s - self._refilled_at_s) * self._rate_per_s
        self._tokens = min(self._burst, self._tokens + gained)
        self._refilled_at_s = now_s


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
        if batch_size < 1 or burst < 1 or rate_per_s <= 0 or ttl_s <= 0:
            raise ValueError("batch_size, rate_per_s, burst and ttl_s must be positive")
        self._fetch = fetch
        self._batch_size = batch_size
        self._ttl_s = ttl_s
        self._clock = clock
        self._bucket = TokenBucket(rate_per_s, burst, clock, wait)
        self._answers: dict[str, Answer] = {}

    def get(self, ids: Iterable[str]) -> dict[str, Features | None]:
        """The features of every different id, in order of first appearance; None where nothing is known."""
        wanted = list(dict.fromkeys(ids))
        oldest_s = self._clock() - self._ttl_s
        missing = [i for i in wanted if i not in self._answers or self._answers[i].asked_at_s <= oldest_s]
        for start in range(0, len(missing), self._batch_size):
            self._load(missing[start : start + self._batch_size])
        return {i: self._answers[i].features if i in self._answers else None for i in wanted}

    def _load(self, batch: list[str]) -> None:
        """Ask the store; a failure leaves the earlier answers as they are."""
        self._bucket.take()
        asked_at_s = self._clock()
        try:
            found = self._fetch(batch)
        except FetchError:
            return
        for i in batch:
            self._answers[i] = Answer(found.get(i), asked_at_s)
