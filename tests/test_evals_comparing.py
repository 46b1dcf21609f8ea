import pytest

from evals.comparing import compare
from evals.datasets import Item
from evals.errors import LogError
from tests.eval_logs import at_target, ladder, make_item, make_log


def _squeezed(item: Item, row: str) -> float:
    """Half way to the middle of the scale: the order is right, and the levels are not."""
    return 3 + ((item.target(row) or 0) - 3) / 2


def test_a_run_that_comes_closer_to_the_targets_is_better_beyond_chance() -> None:
    items = ladder(10)
    found = compare(make_log(items, _squeezed), make_log(items, at_target))
    overall = found.rows[0]
    assert (overall.row, overall.kappa_b) == ("overall", 1.0)
    assert overall.kappa_a is not None
    assert overall.kappa.value == pytest.approx(1 - overall.kappa_a)
    assert overall.kappa.low is not None
    assert overall.kappa.low > 0
    assert overall.error.value == pytest.approx(-0.6)
    assert overall.level.value == pytest.approx(0)
    assert [row.row for row in found.rows] == ["overall", "star.action", "star.result"]


def test_a_run_compared_with_itself_shows_no_difference() -> None:
    log = make_log(ladder(3), _squeezed)
    found = compare(log, log)
    assert found.differs == {}
    assert found.moved == []
    assert found.flips == 0
    assert found.rows[0].kappa.model_dump() == {"value": 0, "low": 0, "high": 0}


def test_only_answers_that_both_scored_are_compared() -> None:
    items = ladder(4)
    some = make_log(items, lambda item, row: None if item.id in ("i001", "i002") else at_target(item, row))
    found = compare(some, make_log(items, at_target))
    assert (found.answers, found.only_a, found.only_b) == (18, 0, 2)


def test_the_answers_that_moved_most_come_first() -> None:
    items = ladder(2)
    moved = make_log(items, lambda i, row: (i.target(row) or 0) + {"i004": -2.0, "i006": 0.75}.get(i.id, 0))
    found = compare(make_log(items, at_target), moved)
    assert [(move.id, move.a, move.b) for move in found.moved] == [("i004", 5, 3), ("i006", 2, 2.75)]
    assert found.flips == 0.2


def test_a_change_within_one_form_is_seen_there() -> None:
    items = [make_item(n, [1 + n % 5], form="dialect" if n % 10 < 5 else "plain") for n in range(40)]
    lifted = make_log(items, lambda i, row: (i.target(row) or 0) + (i.groups["form"] == ["dialect"]) / 2)
    groups = {group.name: group for group in compare(make_log(items, at_target), lifted).groups}
    assert groups["form: dialect"].level.value == 0.5
    assert groups["form: plain"].level.value == 0


def test_the_fields_of_the_cards_that_differ_are_named() -> None:
    items = ladder(1)
    found = compare(make_log(items, at_target), make_log(items, at_target, grader="naive", seed=4))
    assert found.differs == {"grader": ("checks", "naive"), "seed": ("0", "4")}


def test_runs_over_different_answers_are_refused_with_the_hashes() -> None:
    a, b = make_log(ladder(1), at_target), make_log(ladder(2), at_target)
    with pytest.raises(LogError, match=f"dataset_sha256: {a.card.dataset_sha256[:20]}") as refused:
        compare(a, b)
    assert b.card.dataset_sha256[:20] in str(refused.value)
    assert "answers: 5 and 10" in str(refused.value)
