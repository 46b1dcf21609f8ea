"""Thread-safe LRU cache whose entries expire."""

import heapq
import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Entry(NamedTuple, Generic[V]):
    value: V
    serial: int
    """Tells this entry from earlier ones of the same key that are still in the heap."""


class TTLCache(Generic[K, V]):
    """At most `capacity` entries; a full cache drops expired entries first, then the least recently used.

    The heap may hold items of entries that were replaced or evicted: an item counts only while its serial number
    is still the entry's own.
    """

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds. Raises ValueError if `capacity` is below 1."""
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[K, Entry[V]] = OrderedDict()
        self._expiries: list[tuple[float, int, K]] = []
        self._serials = itertools.count()

    def get(self, key: K, default: V | None = None) -> V | None:
        """The live value of `key`, which becomes the most recently used; otherwise `default`."""
        with self._lock:
            self._drop_expired()
            entry = self._entries.get(key)
            if entry is None:
                return default
            self._entries.move_to_end(key)
            return entry.value

    def put(self, key: K, value: V, ttl_s: float | None = None) -> None:
        """Store `value`; with `ttl_s` it expires that many seconds from now."""
        if ttl_s is not None and ttl_s <= 0:
            raise ValueError(f"ttl_s must be positive, not {ttl_s}")
        with self._lock:
            now = self._drop_expired()
            if key not in self._entries and len(self._entries) >= self._capacity:
                self._entries.popitem(last=False)
            serial = next(self._serials)
            self._entries[key] = Entry(value, serial)
            self._entries.move_to_end(key)
            if ttl_s is not None:
                heapq.heappush(self._expiries, (now + ttl_s, serial, key))
            self._compact()

    def __len__(self) -> int:
        """The number of entries that have not expired."""
        with self._lock:
            self._drop_expired()
            return len(self._entries)

    def _drop_expired(self) -> float:
        """Remove what has expired by now, and return the time that was taken for now."""
        now = self._clock()
        while self._expiries and self._expiries[0][0] <= now:
            _, serial, key = heapq.heappop(self._expiries)
            if self._is_current(key, serial):
                del self._entries[key]
        return now

    def _is_current(self, key: K, serial: int) -> bool:
        entry = self._entries.get(key)
        return entry is not None and entry.serial == serial

    def _compact(self) -> None:
        """Rebuild the heap once outdated items outnumber entries, so that its size stays O(capacity)."""
        if len(self._expiries) > 2 * self._capacity:
            self._expiries = [item for item in self._expiries if self._is_current(item[2], item[1])]
            heapq.heapify(self._expiries)
