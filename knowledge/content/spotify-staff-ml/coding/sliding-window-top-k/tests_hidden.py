import random
import tracemalloc
from collections import Counter

import pytest
from solution import TrendingTracks


def test_a_play_leaves_the_window_at_exactly_its_length():
    trending = TrendingTracks(10)
    trending.add("a", 5)
    assert trending.top(1, now_s=14) == [("a", 1)]
    assert trending.top(1, now_s=15) == []


def test_a_window_of_one_second_holds_only_the_present_second():
    trending = TrendingTracks(1)
    trending.add("a", 5)
    assert trending.top(1, now_s=5) == [("a", 1)]
    trending.add("b", 6)
    assert trending.top(2, now_s=6) == [("b", 1)]


def test_equal_counts_are_ordered_by_track_id():
    trending = TrendingTracks(60)
    for track in ("c", "a", "b", "c", "a", "b", "z", "z", "z"):
        trending.add(track, 1)
    assert trending.top(3, now_s=1) == [("z", 3), ("a", 2), ("b", 2)]


@pytest.mark.parametrize("k", [0, -1])
def test_a_k_that_is_not_positive_gives_an_empty_list(k):
    trending = TrendingTracks(60)
    trending.add("a", 1)
    assert trending.top(k, now_s=1) == []


def test_a_window_below_one_second_is_refused():
    with pytest.raises(ValueError):
        TrendingTracks(0)


def test_asking_moves_time_as_well():
    trending = TrendingTracks(60)
    trending.add("a", 1)
    trending.top(1, now_s=50)
    with pytest.raises(ValueError):
        trending.add("b", 49)
    with pytest.raises(ValueError):
        trending.top(1, now_s=49)


def test_a_refused_play_is_not_counted():
    trending = TrendingTracks(60)
    trending.add("a", 10)
    with pytest.raises(ValueError):
        trending.add("b", 3)
    assert trending.top(5, now_s=10) == [("a", 1)]


def test_asking_does_not_change_the_answer():
    trending = TrendingTracks(60)
    trending.add("a", 1)
    assert trending.top(1, now_s=1) == trending.top(1, now_s=1) == [("a", 1)]


def test_a_track_that_left_may_come_back():
    trending = TrendingTracks(10)
    trending.add("a", 0)
    trending.add("a", 20)
    assert trending.top(1, now_s=20) == [("a", 1)]


def test_negative_times_and_long_silences_are_fine():
    trending = TrendingTracks(10)
    trending.add("a", -100)
    assert trending.top(1, now_s=-95) == [("a", 1)]
    trending.add("b", 1_000_000_000)
    assert trending.top(2, now_s=1_000_000_000) == [("b", 1)]


def test_a_long_stream_agrees_with_counting_from_scratch():
    rng = random.Random(2)
    trending, plays, now_s = TrendingTracks(50), [], 0
    for _ in range(1_500):
        now_s += rng.choice([0, 0, 0, 1, 7])
        track = f"t{min(rng.randrange(40), rng.randrange(40))}"
        trending.add(track, now_s)
        plays.append((now_s, track))
        if rng.random() < 0.05:
            counts = Counter(t for at_s, t in plays if now_s - 50 < at_s <= now_s)
            expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
            assert trending.top(5, now_s) == expected


def test_memory_follows_the_window_and_not_the_number_of_plays():
    trending = TrendingTracks(60)
    tracemalloc.start()
    try:
        for i in range(30_000):
            trending.add("hit", i // 1_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 300_000
    assert trending.top(1, now_s=29) == [("hit", 30_000)]
