"""Thread-safe LRU cache whose entries expire."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TTLCache(Generic[K, V]):
    """At most `capacity` entries; a full cache drops expired entries first, then the least recently used."""

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds. Raises ValueError if `capacity` is below 1."""
        ...

    def get(self, key: K, default: V | None = None) -> V | None:
        """The live value of `key`, which becomes the most recently used; otherwise `default`."""
        ...

    def put(self, key: K, value: V, ttl_s: float | None = None) -> None:
        """Store `value`; with `ttl_s` it expires that many seconds from now."""
        ...

    def __len__(self) -> int:
        """The number of entries that have not expired."""
        ...
