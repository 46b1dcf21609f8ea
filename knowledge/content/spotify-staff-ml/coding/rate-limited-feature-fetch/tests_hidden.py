import pytest
from solution import FeatureClient, FetchError


class Store:
    """A feature store that knows every id but those with an x; waiting moves the clock."""

    def __init__(self):
        self.now_s = 0.0
        self.calls = []
        self.waits = []
        self.down_for = set()
        self.fetch_takes_s = 0.0

    def fetch(self, ids):
        self.calls.append(list(ids))
        self.now_s += self.fetch_takes_s
        if self.down_for & set(ids):
            raise FetchError
        return {i: {"version": float(len(self.calls))} for i in ids if "x" not in i}

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now_s += seconds

    def client(self, batch_size=1, rate_per_s=4, burst=100, ttl_s=60):
        return FeatureClient(
            self.fetch, batch_size, rate_per_s, burst, ttl_s, clock=lambda: self.now_s, wait=self.wait
        )


def test_a_burst_goes_through_at_once_and_then_the_rate_holds():
    store = Store()
    store.client(burst=3).get(["a", "b", "c", "d", "e"])
    assert store.waits == pytest.approx([0.25, 0.25])


def test_idle_time_never_saves_more_than_a_burst():
    store = Store()
    client = store.client(burst=2)
    store.now_s = 10_000
    client.get(["a", "b", "c"])
    assert store.waits == pytest.approx([0.25])


def test_a_fraction_of_a_token_shortens_the_wait():
    store = Store()
    client = store.client(rate_per_s=2, burst=1)
    client.get(["a"])
    store.now_s = 0.125
    client.get(["b"])
    assert store.waits == pytest.approx([0.375])


def test_answers_from_the_cache_cost_no_token():
    store = Store()
    client = store.client(burst=1)
    for _ in range(50):
        client.get(["a"])
    assert store.calls == [["a"]]
    assert store.waits == []


def test_unknown_ids_are_remembered_until_they_expire():
    store = Store()
    client = store.client()
    assert client.get(["x1"]) == {"x1": None}
    store.now_s = 59.9
    client.get(["x1"])
    assert len(store.calls) == 1
    store.now_s = 60
    client.get(["x1"])
    assert len(store.calls) == 2


def test_repeated_ids_are_asked_for_once_and_order_is_kept():
    store = Store()
    result = store.client(batch_size=3).get(i for i in ["d", "a", "d", "c", "a", "b"])
    assert list(result) == ["d", "a", "c", "b"]
    assert store.calls == [["d", "a", "c"], ["b"]]


def test_fresh_ids_take_no_room_in_a_batch():
    store = Store()
    client = store.client(batch_size=2)
    client.get(["b"])
    client.get(["a", "b", "c", "d"])
    assert store.calls == [["b"], ["a", "c"], ["d"]]


def test_a_failed_batch_does_not_stop_the_next_and_is_not_tried_again():
    store = Store()
    store.down_for = {"b"}
    result = store.client(batch_size=2).get(["a", "b", "c"])
    assert result == {"a": None, "b": None, "c": {"version": 2.0}}
    assert store.calls == [["a", "b"], ["c"]]


def test_a_failure_spends_a_token_and_is_not_remembered_as_an_answer():
    store = Store()
    store.down_for = {"a"}
    client = store.client(burst=1)
    client.get(["a"])
    store.down_for = set()
    assert client.get(["a"]) == {"a": {"version": 2.0}}
    assert store.waits == pytest.approx([0.25])


def test_a_stale_answer_does_not_become_fresh_by_being_used():
    store = Store()
    client = store.client()
    client.get(["a"])
    store.now_s, store.down_for = 100, {"a"}
    assert client.get(["a"]) == {"a": {"version": 1.0}}
    store.down_for = set()
    assert client.get(["a"]) == {"a": {"version": 3.0}}


def test_the_age_counts_from_before_the_fetch():
    store = Store()
    store.fetch_takes_s = 10
    client = store.client(ttl_s=60)
    client.get(["a"])
    store.now_s = 60
    client.get(["a"])
    assert len(store.calls) == 2


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"burst": 0}, {"rate_per_s": -1}, {"ttl_s": 0}])
def test_settings_that_are_not_positive_are_refused(wrong):
    with pytest.raises(ValueError):
        Store().client(**wrong)
    assert Store().client().get([]) == {}
