import random

import pytest
from solution import Candidate, rerank


def head(name, score, artist=None):
    return Candidate(name, artist or name, score, False)


def tail(name, score, artist=None):
    return Candidate(name, artist or name, score, True)


def ids(candidates):
    return [c.track_id for c in candidates]


def test_no_candidates_give_an_empty_list():
    assert rerank([], k=3, tail_percent=50, max_per_artist=1) == []


def test_k_of_zero_gives_an_empty_list():
    assert rerank([head("h", 1)], k=0, tail_percent=50, max_per_artist=1) == []


def test_the_promise_holds_in_every_prefix_and_is_rounded_down():
    shelf = [head(f"h{i:02}", 100 - i) for i in range(20)] + [tail(f"t{i:02}", 10 - i) for i in range(10)]
    tail_places = [n for n, c in enumerate(rerank(shelf, 10, 30, 1), start=1) if c.is_tail]
    assert tail_places == [4, 7, 10]


def test_a_good_tail_track_needs_no_promise_and_counts_towards_it():
    shelf = [tail("t1", 9), head("h1", 8), head("h2", 7), tail("t2", 1)]
    assert ids(rerank(shelf, k=3, tail_percent=34, max_per_artist=1)) == ["t1", "h1", "h2"]


def test_when_tail_tracks_run_out_the_list_goes_on_without_them():
    shelf = [head("h1", 3), head("h2", 2), head("h3", 1), tail("t1", 0)]
    assert ids(rerank(shelf, k=4, tail_percent=100, max_per_artist=1)) == ["t1", "h1", "h2", "h3"]


def test_a_tail_track_of_an_exhausted_artist_cannot_serve_the_promise():
    shelf = [head("h1", 9, "A"), tail("t1", 8, "A"), tail("t2", 1, "B"), head("h2", 7, "C")]
    assert ids(rerank(shelf, k=3, tail_percent=50, max_per_artist=1)) == ["h1", "t2", "h2"]


def test_equal_scores_are_settled_by_track_id_across_both_kinds():
    shelf = [head("b", 1), tail("a", 1), head("c", 1), tail("d", 1)]
    assert ids(rerank(shelf, k=4, tail_percent=0, max_per_artist=1)) == ["a", "b", "c", "d"]


def test_percentages_are_exact():
    shelf = [head(f"h{i:03}", 1_000 - i) for i in range(200)] + [tail(f"t{i:03}", -i) for i in range(100)]
    kinds = [c.is_tail for c in rerank(shelf, 100, 29, 1)]
    assert sum(kinds) == 29
    assert kinds[-1]


def test_negative_scores_are_ranked_like_any_other():
    assert ids(rerank([head("a", -2), head("b", -1)], k=2, tail_percent=0, max_per_artist=1)) == ["b", "a"]


@pytest.mark.parametrize(("k", "percent", "per_artist"), [(-1, 50, 1), (1, -1, 1), (1, 50, 0)])
def test_settings_out_of_range_are_refused(k, percent, per_artist):
    with pytest.raises(ValueError):
        rerank([head("h", 1)], k, percent, per_artist)


def test_an_iterator_will_do_and_order_of_input_does_not_matter():
    rng = random.Random(1)
    shelf = [Candidate(f"c{i}", f"a{i % 40}", rng.randrange(30), i % 9 == 0) for i in range(500)]
    expected = rerank(shelf, 60, 40, 2)
    rng.shuffle(shelf)
    assert rerank(iter(shelf), 60, 40, 2) == expected
    assert sum(c.is_tail for c in expected) >= 24


def test_five_thousand_tracks_of_one_artist_do_not_starve_the_rest():
    shelf = [head(f"h{i}", 10_000 - i, "mega") for i in range(5_000)] + [tail("t", 0), head("last", -1)]
    assert ids(rerank(shelf, k=4, tail_percent=10, max_per_artist=2)) == ["h0", "h1", "t", "last"]
