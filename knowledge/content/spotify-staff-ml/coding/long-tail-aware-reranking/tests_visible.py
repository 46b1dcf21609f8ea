import pytest
from solution import Candidate, rerank

SHELF = [
    Candidate("h1", "A", 0.9, False),
    Candidate("h2", "A", 0.8, False),
    Candidate("h3", "A", 0.7, False),
    Candidate("t1", "B", 0.4, True),
    Candidate("t2", "C", 0.3, True),
]


def ids(candidates):
    return [c.track_id for c in candidates]


def test_the_example_of_the_statement_holds():
    assert ids(rerank(SHELF, k=4, tail_percent=50, max_per_artist=2)) == ["h1", "t1", "h2", "t2"]


def test_without_a_promise_the_order_is_by_score():
    assert ids(rerank(SHELF, k=3, tail_percent=0, max_per_artist=5)) == ["h1", "h2", "h3"]


def test_an_artist_never_gets_more_than_its_places():
    assert ids(rerank(SHELF, k=5, tail_percent=0, max_per_artist=1)) == ["h1", "t1", "t2"]


def test_a_share_above_one_hundred_percent_is_refused():
    with pytest.raises(ValueError):
        rerank(SHELF, k=3, tail_percent=101, max_per_artist=1)
