from typing import Literal

import pytest

from evals.errors import LogError
from evals.gates import failed
from evals.runlog import Graded, RunLog
from evals.scores import Gate, Scores
from evals.scoring import Beside, score
from rubrics.models import Evidence
from tests.eval_logs import at_target, grade_as, ladder, make_item, make_log

Named = dict[str, Gate]


def _gates(scores: Scores) -> Named:
    return {gate.name: gate for gate in scores.gates}


def _all_threes(log: RunLog, grader: str = "checks") -> RunLog:
    return make_log([graded.item for graded in log.graded], lambda item, row: 3.0, grader=grader)


def test_a_grader_at_the_targets_passes_what_is_measured_and_beats_its_rivals() -> None:
    log = make_log(ladder(20), at_target)
    scores = score(log, Beside(rivals=[_all_threes(log, "naive")], again=[log]))
    assert scores.overall.figures["kappa"].model_dump() == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert scores.mean_row_kappa.value == 1.0
    assert {row.row for row in scores.rows} == {"star.action", "star.result"}
    assert [rival.name for rival in scores.rivals] == ["majority", "length", "question words", "naive"]
    assert scores.rivals[-1].margin.value == pytest.approx(1.0)
    found = _gates(scores)
    assert found["kappa above that of naive"].verdict == "passed"
    assert {name for name, gate in found.items() if gate.verdict == "failed"} == {
        "overall: interval coverage, distance from 90 %"
    }
    assert scores.provenance == "authored, AI raters"


def test_a_small_run_gets_figures_but_no_verdict() -> None:
    log = make_log(ladder(19), lambda item, row: 6 - (item.target(row) or 0))
    scores = score(log, Beside())
    assert scores.overall.figures["kappa"].value == pytest.approx(-1)
    assert {gate.verdict for gate in scores.gates} == {"no verdict"}
    assert _gates(scores)["overall: kappa"].why == "95 answers; it takes 100"
    assert not failed(scores.gates)


def test_a_grader_that_is_upside_down_fails() -> None:
    log = make_log(ladder(20), lambda item, row: 6 - (item.target(row) or 0))
    scores = score(log, Beside())
    assert failed(scores.gates)
    assert _gates(scores)["overall: order within questions, tau"].figure == pytest.approx(-1)
    assert _gates(scores)["kappa above that of naive"].verdict == "no verdict"
    assert scores.misses[0].target in (1, 5)
    assert scores.confusion[0] == [0, 0, 0, 0, 20]
    assert [band.error.value for band in scores.bands] == pytest.approx([4, 2, 0, 2, 4])


def test_an_unscored_answer_counts_as_unscored_and_in_no_figure() -> None:
    items = ladder(4)
    log = make_log(items, lambda item, row: None if item.id == "i000" else item.target(row))
    scores = score(log, Beside())
    assert (scores.answers, scores.unscored) == (20, 1)
    assert (scores.overall.answers, scores.overall.unscored) == (19, 1)
    assert scores.overall.figures["exact"].value == 1.0


def test_raters_who_disagree_are_shown_beside_the_grader() -> None:
    items = [make_item(n, [1 + n % 5, min(5, 2 + n % 5)]) for n in range(40)]
    overall = score(make_log(items, at_target), Beside()).overall
    assert overall.raters.value is not None
    assert 0.6 < overall.raters.value < 0.9
    assert overall.with_raters.value is not None
    assert overall.with_raters.value > overall.raters.value
    assert overall.alpha is not None
    assert overall.alpha < 1


def test_a_quote_that_is_not_in_the_answer_fails_its_gate() -> None:
    log = make_log(ladder(20), at_target)
    forged = Evidence(quote="We", start=0, end=2)
    check = log.graded[4].trace.checks[0].model_copy(update={"quote": forged})
    trace = log.graded[4].trace.model_copy(update={"checks": [check]})
    graded = [*log.graded[:4], log.graded[4].model_copy(update={"trace": trace}), *log.graded[5:]]
    scores = score(log.model_copy(update={"graded": graded}), Beside())
    assert scores.quotes.quotes - scores.quotes.verbatim == 1
    assert _gates(scores)["quotes found verbatim"].verdict == "failed"


def test_a_form_that_is_graded_too_low_shows_as_a_shift_of_its_group() -> None:
    forms: list[Literal["plain", "dialect"]] = ["plain", "dialect"]
    items = [make_item(n, [1 + n % 5, 1 + n % 5], form=forms[n // 5 % 2]) for n in range(100)]

    def level(graded: Graded) -> Graded:
        low = graded.item.groups["form"] == ["dialect"]
        return grade_as(graded.item, lambda item, row: (item.target(row) or 0) - low * 0.5)

    log = make_log(items, at_target)
    scores = score(log.model_copy(update={"graded": [level(g) for g in log.graded]}), Beside())
    shifts = {group.name: group.shift.value for group in scores.groups}
    assert shifts["form: plain"] == pytest.approx(0)
    assert shifts["form: dialect"] == pytest.approx(-0.5 / 2**0.5)
    assert _gates(scores)["standardised difference, dialect"].verdict == "failed"


def test_logs_of_different_answers_are_not_put_beside_each_other() -> None:
    with pytest.raises(LogError, match="different answers"):
        score(make_log(ladder(2), at_target), Beside(rivals=[make_log(ladder(3), at_target)]))


def test_probabilities_that_come_true_are_called_reliable() -> None:
    (said, credit) = score(make_log(ladder(4), at_target), Beside()).reliability
    assert said.brier.value == pytest.approx(0, abs=1e-6)
    assert credit.ece.value == 0
    assert [(each.probability, each.met) for each in credit.bins] == [(0, 0), (1, 1)]


def test_a_model_that_is_sure_of_what_it_cannot_know_is_called_unreliable() -> None:
    items = [make_item(n, [1.0 + 2 * (n % 2)]) for n in range(40)]
    sure = make_log([make_item(n, [3.0]) for n in range(40)], at_target).graded
    log = make_log(items, at_target)
    graded = [
        each.model_copy(update={"trace": was.trace}) for each, was in zip(log.graded, sure, strict=True)
    ]
    (said, _) = score(log.model_copy(update={"graded": graded}), Beside()).reliability
    assert said.ece.value == pytest.approx(0.5, abs=1e-3)
    assert said.brier.value == pytest.approx(0.5, abs=1e-3)
