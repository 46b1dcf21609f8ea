import threading
import tracemalloc
from collections.abc import Callable

import pytest
from solution import TTLCache


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class WatchedKey:
    """Calls back each time it is hashed, which is how a test gets inside a running operation."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.on_hash: Callable[[], None] = lambda: None

    def __hash__(self) -> int:
        self.on_hash()
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WatchedKey) and self.name == other.name


def test_an_expired_entry_makes_room_before_a_live_one():
    clock = Clock()
    cache = TTLCache(2, clock)
    cache.put("old", 1)
    cache.put("brief", 2, ttl_s=5)
    clock.now_s = 5
    cache.put("new", 3)
    assert cache.get("old") == 1
    assert cache.get("new") == 3


def test_storing_again_replaces_the_time_to_live():
    clock = Clock()
    cache = TTLCache(2, clock)
    cache.put("longer", 1, ttl_s=5)
    cache.put("longer", 2, ttl_s=50)
    cache.put("for ever", 1, ttl_s=5)
    cache.put("for ever", 2)
    clock.now_s = 20
    assert cache.get("longer") == 2
    assert cache.get("for ever") == 2


def test_storing_again_makes_a_key_the_most_recently_used():
    cache = TTLCache(2, Clock())
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    cache.put("c", 4)
    assert cache.get("a") == 3
    assert cache.get("b") is None


def test_storing_an_existing_key_in_a_full_cache_evicts_nothing():
    cache = TTLCache(2, Clock())
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("b", 3)
    assert cache.get("a") == 1


def test_a_stored_none_is_not_a_miss():
    cache = TTLCache(1, Clock())
    cache.put("a", None)
    assert cache.get("a", "missing") is None


def test_expired_entries_are_not_counted_even_if_nobody_asked_for_them():
    clock = Clock()
    cache = TTLCache(5, clock)
    for i in range(5):
        cache.put(i, i, ttl_s=i + 1)
    clock.now_s = 3
    assert len(cache) == 2


def test_keys_of_different_types_may_expire_at_the_same_time():
    clock = Clock()
    cache = TTLCache(3, clock)
    for key in ("a", 1, ("t",)):
        cache.put(key, key, ttl_s=1)
    clock.now_s = 1
    assert len(cache) == 0


@pytest.mark.parametrize("ttl_s", [0, -1])
def test_a_time_to_live_that_is_not_positive_is_refused_and_changes_nothing(ttl_s):
    cache = TTLCache(1, Clock())
    cache.put("a", 1)
    with pytest.raises(ValueError):
        cache.put("a", 2, ttl_s=ttl_s)
    assert cache.get("a") == 1


def test_memory_stays_bounded_when_one_key_is_stored_again_and_again():
    cache = TTLCache(4, Clock())
    tracemalloc.start()
    try:
        for i in range(8_000):
            cache.put("a", i, ttl_s=1_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100_000


@pytest.mark.parametrize("nth_hash", [1, 2, 3, 4])
@pytest.mark.parametrize("operation", ["get", "put"])
def test_another_thread_cannot_step_into_a_running_operation(operation, nth_hash):
    cache = TTLCache(1, Clock())
    key, intruder = WatchedKey("a"), threading.Thread(target=lambda: cache.put("b", 2), daemon=True)
    cache.put(key, 1)
    hashes = 0

    def let_the_intruder_try() -> None:
        nonlocal hashes
        hashes += 1
        if hashes == nth_hash:
            intruder.start()
            intruder.join(timeout=0.01)

    key.on_hash = let_the_intruder_try
    if operation == "get":
        assert cache.get(key) in (1, None)
    else:
        cache.put(key, 3)
    key.on_hash = lambda: None
    if intruder.ident:
        intruder.join(timeout=5)
    assert len(cache) <= 1


def test_many_threads_leave_the_cache_whole():
    cache = TTLCache(8, Clock())
    wrong: list[object] = []

    def work(seed: int) -> None:
        try:
            for i in range(1_500):
                key = (seed * 7 + i * 3) % 12
                cache.put(key, key * 10, ttl_s=None if i % 2 else 1)
                if cache.get(key) not in (key * 10, None):
                    wrong.append(key)
        except (KeyError, RuntimeError, IndexError) as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(cache) == 8
