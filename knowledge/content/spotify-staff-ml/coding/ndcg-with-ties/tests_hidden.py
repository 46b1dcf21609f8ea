import math
import random
from itertools import pairwise, permutations

import pytest
from solution import mean_ndcg, ndcg_at_k

NAN = float("nan")


def by_trying_all_orders(scores, gains, k):
    """The mean DCG over all orders that respect the scores, divided by the best DCG."""
    items, dcgs = list(zip(scores, gains, strict=True)), []
    for order in permutations(items):
        if all(earlier[0] >= later[0] for earlier, later in pairwise(order)):
            dcgs.append(sum(gain / math.log2(p + 2) for p, (_, gain) in enumerate(order[:k])))
    best = sum(g / math.log2(p + 2) for p, g in enumerate(sorted(gains, reverse=True)[:k]))
    return sum(dcgs) / len(dcgs) / best


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 9])
def test_ties_agree_with_trying_all_orders(k):
    rng = random.Random(k)
    for _ in range(8):
        scores = [rng.randrange(3) for _ in range(6)]
        gains = [rng.choice([0, 0, 1, 3]) for _ in range(5)] + [1]
        assert ndcg_at_k(scores, gains, k) == pytest.approx(by_trying_all_orders(scores, gains, k))


def test_a_tied_group_across_the_last_place_shares_what_is_left():
    assert ndcg_at_k([2, 1, 1, 1], [0, 3, 0, 0], k=2) == pytest.approx(1 / math.log2(3) / 3)


def test_scoring_everything_alike_does_not_depend_on_how_rows_are_stored():
    first, last = ndcg_at_k([1] * 4, [1, 0, 0, 0], 2), ndcg_at_k([1] * 4, [0, 0, 0, 1], 2)
    assert first == pytest.approx(last)
    assert first == pytest.approx((1 + 1 / math.log2(3)) / 4)


def test_the_best_order_is_cut_at_k_as_well():
    assert ndcg_at_k([5, 4, 3, 2], [1, 1, 1, 1], k=2) == pytest.approx(1)


def test_gains_are_used_as_they_are():
    expected = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert ndcg_at_k([2, 1], [1, 3], k=2) == pytest.approx(expected)


def test_k_beyond_the_list_changes_nothing():
    assert ndcg_at_k([1, 2], [1, 0], k=100) == ndcg_at_k([1, 2], [1, 0], k=2)


def test_an_empty_list_has_no_ndcg():
    assert ndcg_at_k([], [], k=5) is None


def test_gain_below_the_first_k_places_gives_zero_and_not_none():
    assert ndcg_at_k([3, 2, 1], [0, 0, 1], k=2) == 0


@pytest.mark.parametrize(
    ("scores", "gains", "k"),
    [([1], [1], 0), ([1], [-1], 1), ([NAN], [1], 1), ([1], [NAN], 1), ([1, 2], [1, 2, 3], 1)],
)
def test_wrong_input_is_refused(scores, gains, k):
    with pytest.raises(ValueError):
        ndcg_at_k(scores, gains, k)


def test_infinite_scores_are_ranked_like_any_other():
    assert ndcg_at_k([float("-inf"), float("inf")], [0, 1], k=1) == pytest.approx(1)


def test_the_mean_counts_zeros_but_not_lists_without_gain():
    lists = [([2, 1], [0, 1]), ([2, 1], [1, 0]), ([2, 1], [0, 0])]
    assert mean_ndcg(iter(lists), k=1) == (pytest.approx(0.5), 2)
    assert mean_ndcg([([1], [0])], k=1) == (None, 0)
    assert mean_ndcg([], k=1) == (None, 0)


def test_a_large_list_with_many_ties():
    rng = random.Random(12)
    gains = [1.0] * 1_000 + [0.0] * 99_000
    rng.shuffle(gains)
    assert ndcg_at_k([7.0] * 100_000, gains, k=100) == pytest.approx(0.01)
