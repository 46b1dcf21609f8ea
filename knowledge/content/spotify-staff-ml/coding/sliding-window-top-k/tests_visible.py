import pytest
from solution import TrendingTracks


def test_the_example_of_the_statement_holds():
    trending = TrendingTracks(window_s=60)
    trending.add("b", 0)
    trending.add("a", 30)
    trending.add("b", 30)
    assert trending.top(1, now_s=59) == [("b", 2)]
    assert trending.top(5, now_s=60) == [("a", 1), ("b", 1)]
    assert trending.top(5, now_s=90) == []


def test_nothing_played_gives_nothing():
    assert TrendingTracks(60).top(3, now_s=0) == []


def test_fewer_tracks_than_asked_for_are_all_returned():
    trending = TrendingTracks(60)
    trending.add("a", 1)
    assert trending.top(10, now_s=1) == [("a", 1)]


def test_time_that_runs_backwards_is_refused():
    trending = TrendingTracks(60)
    trending.add("a", 10)
    with pytest.raises(ValueError):
        trending.add("a", 9)
