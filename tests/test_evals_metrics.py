"""Every measure against the library that is the reference for it, and against cases whose answer is plain."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kendalltau, pearsonr, spearmanr
from sklearn.metrics import cohen_kappa_score

from evals import metrics
from evals.bootstrap import Resampling, interval
from evals.datasets import Item
from evals.paired import Paired, paired
from tests.eval_logs import ladder, make_item, make_log

ONCE = np.ones((1, 40))


def _noisy(seed: int = 3) -> Paired:
    rng = np.random.default_rng(seed)
    items = [
        make_item(n, [float(rng.integers(1, 6))], answer="so " * int(rng.integers(5, 90))) for n in range(40)
    ]
    levels = {
        item.id: float(np.clip((item.target("overall") or 0) + rng.normal(0, 1.2), 1, 5)) for item in items
    }
    return paired(make_log(items, lambda item, row: levels[item.id]).graded, "overall")


def test_kappa_and_correlations_are_those_of_the_reference_libraries() -> None:
    pairs = _noisy()
    whole = np.floor(pairs.level + 0.5)
    reference = cohen_kappa_score(whole.astype(int), pairs.target.astype(int), weights="quadratic")
    assert metrics.kappa(pairs, ONCE)[0] == pytest.approx(reference)
    assert metrics.pearson(pairs, ONCE)[0] == pytest.approx(pearsonr(pairs.level, pairs.target).statistic)
    assert metrics.spearman(pairs, ONCE)[0] == pytest.approx(spearmanr(pairs.level, pairs.target).statistic)


def test_a_weight_counts_an_answer_as_often_as_if_it_stood_there_again() -> None:
    pairs = _noisy()
    draws = np.random.default_rng(5).integers(0, 3, size=(1, 40))
    again = np.repeat(np.arange(40), draws[0])
    columns = {
        name: getattr(pairs, name)[again] for name in ("clusters", "target", "level", "low", "high", "words")
    }
    repeated = replace(pairs, items=[pairs.items[i] for i in again], **columns)
    for name in ("kappa", "exact", "spearman", "pearson", "mae", "smd", "length_gap", "coverage"):
        measure = metrics.MEASURES[name]
        weighted = measure(pairs, draws.astype(np.float64))[0]
        assert weighted == pytest.approx(measure(repeated, np.ones((1, len(again))))[0]), name


def test_the_order_within_questions_is_kendalls_tau_and_looks_at_no_pair_across_questions() -> None:
    items = ladder(8)
    shuffled = np.random.default_rng(1).permutation(40)
    levels = {item.id: float(level) for item, level in zip(items, shuffled, strict=True)}
    offset = {f"q{q}": 100.0 * q for q in range(8)}
    pairs = paired(make_log(items, lambda i, row: levels[i.id] - offset[i.cluster]).graded, "overall")
    taus = [
        kendalltau(pairs.target[pairs.clusters == q], pairs.level[pairs.clusters == q]).statistic
        for q in offset
    ]
    assert metrics.order(pairs, ONCE)[0] == pytest.approx(np.mean(taus))


def test_levels_that_follow_length_where_targets_do_not_are_found_out() -> None:
    rng = np.random.default_rng(2)
    items = [make_item(n, [1 + n % 5], answer="so " * int(rng.integers(5, 200))) for n in range(40)]
    log = make_log(items, lambda item, row: min(5.0, 1 + len(item.answer) / 150))
    assert metrics.length_gap(paired(log.graded, "overall"), ONCE)[0] > 0.7


def _half_up(item: Item, row: str) -> float:
    return (item.target(row) or 0) + 0.5


def test_a_grader_that_is_half_a_level_generous_is_said_to_be() -> None:
    pairs = paired(make_log(ladder(8), _half_up).graded, "overall")
    assert metrics.smd(pairs, ONCE)[0] == pytest.approx(0.5 / np.sqrt(2))
    assert metrics.exact(pairs, ONCE)[0] == 0
    assert metrics.adjacent(pairs, ONCE)[0] == 1
    assert metrics.coverage(pairs, ONCE)[0] == 1
    assert metrics.mae(pairs, ONCE)[0] == 0.5


def test_what_is_not_defined_is_no_number() -> None:
    pairs = paired(make_log(ladder(8), lambda item, row: 3.0).graded, "overall")
    assert interval(metrics.pearson(pairs, ONCE)) == (None, None, None)
    assert metrics.kappa(pairs, ONCE)[0] == pytest.approx(0)


def test_an_interval_is_wider_where_answers_come_in_clusters() -> None:
    one = np.repeat([0.0, 1.0] * 10, 5)
    apart = Resampling([str(n) for n in range(100)])
    together = Resampling([str(n // 5) for n in range(100)])
    spans = []
    for draws, names in (
        (apart, [str(n) for n in range(100)]),
        (together, [str(n // 5) for n in range(100)]),
    ):
        value, low, high = interval(metrics.mean(one, draws.weights(names)))
        assert value == 0.5
        assert low is not None
        assert high is not None
        spans.append(high - low)
    assert spans[1] > 1.8 * spans[0]


def test_a_single_question_has_no_interval() -> None:
    for draws in (Resampling(["q"] * 5), Resampling(["q", "r", "s"])):
        assert interval(metrics.mean(np.arange(5.0), draws.weights(["q"] * 5))) == (2.0, None, None)
