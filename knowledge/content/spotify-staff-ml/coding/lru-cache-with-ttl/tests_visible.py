import pytest
from solution import TTLCache


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_example_of_the_statement_holds():
    clock = Clock()
    cache = TTLCache(2, clock)
    cache.put("ada", 1, ttl_s=10)
    cache.put("ben", 2)
    assert cache.get("ada") == 1
    cache.put("cleo", 3)
    assert cache.get("ben") is None
    clock.now_s = 10
    assert cache.get("ada") is None
    assert len(cache) == 1


def test_a_missing_key_gives_the_default():
    assert TTLCache(1, Clock()).get("nobody", 7) == 7


def test_storing_a_key_again_replaces_its_value():
    cache = TTLCache(2, Clock())
    cache.put("ada", 1)
    cache.put("ada", 2)
    assert cache.get("ada") == 2
    assert len(cache) == 1


def test_a_capacity_below_one_is_refused():
    with pytest.raises(ValueError):
        TTLCache(0)
