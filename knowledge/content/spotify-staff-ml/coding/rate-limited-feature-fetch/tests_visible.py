import pytest
from solution import FeatureClient, FetchError

KNOWN = {"a": {"tempo": 120.0}, "b": {"tempo": 90.0}}


class Store:
    """A feature store with its own time: waiting moves the clock."""

    def __init__(self):
        self.now_s = 0.0
        self.calls = []
        self.waits = []
        self.is_down = False

    def fetch(self, ids):
        self.calls.append(list(ids))
        if self.is_down:
            raise FetchError
        return {i: KNOWN[i] for i in ids if i in KNOWN}

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now_s += seconds

    def client(self, batch_size=2, rate_per_s=2, burst=1, ttl_s=60):
        return FeatureClient(
            self.fetch, batch_size, rate_per_s, burst, ttl_s, clock=lambda: self.now_s, wait=self.wait
        )


def test_the_example_of_the_statement_holds():
    store = Store()
    client = store.client()
    assert client.get(["a", "x", "a", "b"]) == {"a": KNOWN["a"], "x": None, "b": KNOWN["b"]}
    assert store.calls == [["a", "x"], ["b"]]
    assert store.waits == pytest.approx([0.5])
    assert client.get(["x", "b"]) == {"x": None, "b": KNOWN["b"]}
    assert len(store.calls) == 2


def test_an_expired_answer_is_fetched_again():
    store = Store()
    client = store.client(ttl_s=60)
    client.get(["a"])
    store.now_s = 60
    client.get(["a"])
    assert store.calls == [["a"], ["a"]]


def test_a_stale_answer_is_better_than_none():
    store = Store()
    client = store.client()
    client.get(["a"])
    store.now_s, store.is_down = 1_000, True
    assert client.get(["a"]) == {"a": KNOWN["a"]}


def test_a_rate_of_zero_is_refused():
    with pytest.raises(ValueError):
        Store().client(rate_per_s=0)
