"""Known shifts between groups come out as such, few answers say nothing, and quality is not taken for unfairness."""

import numpy as np
import pytest

from evals.datasets import OVERALL, Item
from evals.errors import LogError
from evals.fairness import TOGETHER, Fairness, GroupFairness, fairness
from evals.runlog import RunLog
from tests.eval_logs import TARGETS, answers, make_log, shifted, two_forms


def dialect(found: Fairness) -> GroupFairness:
    (group,) = found.groups
    assert group.name == "dialect"
    return group


def verdicts(found: Fairness) -> dict[str, str]:
    return {gate.name: gate.verdict for gate in found.gates}


def test_a_known_shift_is_found_and_fails_its_gate() -> None:
    found = fairness(make_log(two_forms(), shifted(-0.5)))
    assert dialect(found).shift.value == pytest.approx(-0.5)
    assert (dialect(found).answers, dialect(found).matched) == (25, 25)
    assert dialect(found).standardised.value is not None
    assert dialect(found).standardised.value == pytest.approx(-0.25 / np.sqrt(2 + 0.25**2))
    assert verdicts(found)["standardised difference, dialect"] == "failed"


def test_a_grader_that_is_right_passes_although_the_groups_differ_in_quality() -> None:
    found = fairness(make_log(two_forms(targets=[1.0, 2.0]), shifted(0.0)))
    assert dialect(found).shift.value == pytest.approx(0.0)
    assert dialect(found).standardised.value == pytest.approx(0.0)
    assert set(verdicts(found).values()) == {"passed"}
    assert dialect(found).graded == dialect(found).rated
    assert dialect(found).graded.ratio == 0.0


def test_a_shift_that_all_answers_share_is_not_held_against_a_group() -> None:
    def generous(item: Item, row: str) -> float | None:
        return (item.target(row) or 0.0) + 0.5

    found = fairness(make_log(two_forms(), generous))
    assert dialect(found).shift.value == pytest.approx(0.0)
    assert verdicts(found) == {
        "standardised difference": "failed",
        "standardised difference, dialect": "passed",
    }


def test_a_group_of_fewer_than_twenty_gets_no_verdict() -> None:
    found = fairness(make_log(two_forms(count=19), shifted(-1.0)))
    assert dialect(found).few == "too few to say: 19 answers; it takes 20"
    assert not dialect(found).below_four_fifths
    assert verdicts(found)["standardised difference, dialect"] == "no verdict"


def test_wordings_that_are_few_alone_are_many_together() -> None:
    plain = two_forms(count=0)
    items = [*plain, *answers("dialect", TARGETS * 2, first=100), *answers("hedged", TARGETS * 2, first=200)]
    items += answers("buzzwords", TARGETS, first=300)

    def level(item: Item, row: str) -> float | None:
        return (item.target(row) or 0.0) - (0.5 if item.groups["form"] != ["plain"] else 0.0)

    groups = {group.name: group for group in fairness(make_log(items, level)).groups}
    assert groups["dialect"].few
    assert groups["hedged"].few
    assert (groups[TOGETHER].answers, groups[TOGETHER].few) == (20, "")
    assert groups[TOGETHER].shift.value == pytest.approx(-0.5)


def test_the_ratio_at_the_cut_stands_beside_that_of_the_targets() -> None:
    found = fairness(make_log(two_forms(), shifted(-1.0)), cut=3.0)
    group = dialect(found)
    assert group.graded.group == pytest.approx(0.4)
    assert group.graded.reference == pytest.approx(0.6)
    assert group.graded.ratio == pytest.approx(2 / 3)
    assert group.rated.ratio == pytest.approx(1.0)
    assert group.below_four_fifths
    assert group.fisher_p == pytest.approx(0.258, abs=0.001)
    assert not dialect(fairness(make_log(two_forms(), shifted(0.0)))).below_four_fifths


def test_answers_without_a_plain_one_of_their_target_are_counted_apart() -> None:
    items = [
        item for item in two_forms() if not (item.groups["form"] == ["plain"] and item.target(OVERALL) == 5)
    ]
    found = fairness(make_log(items, shifted(-0.5)))
    assert dialect(found).matched == 20
    assert dialect(found).shift.value == pytest.approx(-0.5)


def test_the_interval_of_a_shift_holds_it() -> None:
    random = np.random.default_rng(1)
    noise = {item.id: float(random.normal(0, 0.4)) for item in two_forms()}

    def level(item: Item, row: str) -> float | None:
        exact = shifted(-0.5)(item, row)
        return None if exact is None else exact + noise[item.id]

    shift = dialect(fairness(make_log(two_forms(), level))).shift
    assert shift.value is not None
    assert shift.low is not None
    assert shift.high is not None
    assert shift.low < -0.5 < shift.high
    assert 0.05 < shift.high - shift.low < 1.0


def test_a_run_without_reference_answers_is_refused() -> None:
    log: RunLog = make_log(answers("dialect", TARGETS, first=0), shifted(0.0))
    with pytest.raises(LogError, match="form: plain"):
        fairness(log)
