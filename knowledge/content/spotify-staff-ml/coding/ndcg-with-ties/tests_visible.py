import pytest
from solution import mean_ndcg, ndcg_at_k


def test_the_example_of_the_statement_holds():
    assert ndcg_at_k([0.9, 0.5, 0.1], [0, 1, 0], k=3) == pytest.approx(0.63093, abs=1e-5)
    assert ndcg_at_k([0.5, 0.5], [1, 0], k=2) == pytest.approx(0.81546, abs=1e-5)
    assert ndcg_at_k([0.5, 0.5], [1, 0], k=1) == pytest.approx(0.5)
    assert mean_ndcg([([0.5, 0.5], [1, 0]), ([0.2], [0])], k=1) == (pytest.approx(0.5), 1)


def test_the_best_order_scores_one():
    assert ndcg_at_k([3, 2, 1], [2, 1, 0], k=3) == pytest.approx(1)


def test_a_list_without_gain_has_no_ndcg():
    assert ndcg_at_k([3, 2, 1], [0, 0, 0], k=3) is None


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError):
        ndcg_at_k([1, 2], [1], k=1)
