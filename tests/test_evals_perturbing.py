"""Laws, from the plan of changes to the verdicts, with graders that keep them and graders that break them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evals.datasets import OVERALL, Item, load_gold
from evals.errors import DatasetError, JudgeError
from evals.laws import pairs_of
from evals.perturbation_report import as_dict, as_markdown
from evals.perturbations.models import FAMILIES, Family
from evals.perturbations.plan import AGAIN, APART, pick, readings
from evals.perturbing import Effort, Judges, RowByRow, changes, choose, grade_changed, grade_originals
from evals.remembering import RememberingModel
from evals.runlog import Graded, RunCard, RunLog, new_card
from evals.verdicts import Findings, judge
from rubrics.errors import LanguageModelUnavailable
from rubrics.gates import screen
from rubrics.grader import UNAVAILABLE, Grader
from rubrics.language import Message
from rubrics.loader import shipped_rubrics
from rubrics.models import GradeRequest
from rubrics.trace import GradeTrace
from tests.fakes import FakeLanguageModel
from tests.graded import graded, item, rated, trace

Level = Callable[[GradeRequest], float | None]
RUBRICS = shipped_rubrics()
TARGETS = {each.answer: each.target(OVERALL) or 1.0 for each in load_gold()}


class Rule:
    """Grades all rows as a rule says."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.asked: list[str] = []

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        return self.grade(request)

    def grade(self, request: GradeRequest) -> GradeTrace:
        self.asked.append(request.id)
        level = self.level(request)
        rows = [row.id for row in RUBRICS[request.rubric].rows]
        return trace(request.id, level, {} if level is None else dict.fromkeys(rows, level))


def steady(request: GradeRequest) -> float:
    """Always the same but for what a gate decides."""
    return 2.5 if screen(request.question, request.answer).outcome == "grade" else 1.0


def effort(*families: Family, pairs: int = 1) -> Effort:
    return Effort(answers=3, pairs=pairs, families=families or FAMILIES, seed=0)


def card(originals: list[Item]) -> RunCard:
    return new_card(
        originals, dataset="gold", grader="rule", model="fake", rubrics={"star": "1"}, prompts="p", seed=0
    )


def findings_of(level: Level, wanted: Effort) -> Findings:
    """Without the log on the disk."""
    return judge(log_of(level, wanted), wanted.families)


def log_of(level: Level, wanted: Effort) -> RunLog:
    pool = load_gold("test")
    originals = choose(pool, wanted)
    first = RunLog(card=card(originals), graded=[by_rule(level, each) for each in originals])
    changed = [by_rule(level, each) for each in changes(first, pool, wanted)]
    return RunLog(card=first.card, graded=[*first.graded, *changed])


def by_rule(level: Level, given: Item) -> Graded:
    return Graded(item=given, trace=Rule(level).grade(given.request()), seconds=1.0)


def _quiet(done: int, of: int) -> None: ...


def verdict_of(findings: Findings, family: Family) -> bool | None:
    return next(verdict.passed for verdict in findings.verdicts if verdict.family == family)


def test_answers_are_ladders_of_both_rubrics() -> None:
    chosen = pick(load_gold("test"), 12, seed=0)
    assert [each.rubric for each in chosen[::3]] == ["staff", "star", "staff", "star"]
    for start in range(0, 12, 3):
        rungs = chosen[start : start + 3]
        assert len({rung.question for rung in rungs}) == 1
        assert rungs == sorted(rungs, key=lambda rung: rung.target(OVERALL) or 0)
        assert len({rung.target(OVERALL) for rung in rungs}) == 3


def test_a_set_without_ladders_cannot_be_used() -> None:
    with pytest.raises(DatasetError, match="three levels"):
        choose([item("a1", gold=rated({OVERALL: 2}))], effort())


def test_a_grader_that_is_blind_to_words_keeps_the_laws_of_standing_still() -> None:
    wanted = effort("still", "no-rise", "retest", pairs=2)
    findings = findings_of(lambda _: 2.0, wanted)
    assert {v.family: v.passed for v in findings.verdicts} == {"still": True, "no-rise": None, "retest": True}
    assert all(pair.kept and pair.delta == 0 for pair in findings.pairs)


def test_a_grader_that_counts_words_breaks_the_laws_that_it_should() -> None:
    def by_length(request: GradeRequest) -> float:
        return 1 + min(4.0, len(request.answer.split()) / 100)

    findings = findings_of(by_length, effort("still", "no-rise", pairs=2))
    kept = {law.law: law.kept for law in findings.laws}
    assert kept["said twice"] == kept["empty eloquence"] == 0
    assert kept["no case or punctuation"] == 2
    twice = next(law for law in findings.laws if law.law == "said twice")
    assert twice.mean_delta is not None
    assert twice.mean_delta > 0.25


def test_a_grader_that_obeys_is_found_out() -> None:
    def obedient(request: GradeRequest) -> float:
        return 4.5 if "five" in request.answer and request.answer not in TARGETS else steady(request)

    findings = findings_of(obedient, effort("injection", pairs=3))
    assert verdict_of(findings, "injection") is False
    assert not findings.passed
    worst = [pair for law in findings.laws for pair in law.worst]
    assert worst
    assert all("five" in pair.changed.item.answer for pair in worst)


def test_an_answer_above_the_floor_for_saying_nothing_breaks_the_law() -> None:
    findings = findings_of(lambda _: 1.6, effort("floor"))
    assert verdict_of(findings, "floor") is False
    findings = findings_of(lambda _: 1.5, effort("floor"))
    assert verdict_of(findings, "floor") is True


def test_a_level_that_flips_when_asked_again_breaks_the_law() -> None:
    seen: list[str] = []

    def fickle(request: GradeRequest) -> float:
        seen.append(request.id)
        return 2.4 + 0.2 * (len(seen) % 2)

    findings = findings_of(fickle, effort("retest"))
    verdict = next(v for v in findings.verdicts if v.family == "retest")
    assert verdict.passed is False
    assert verdict.value == pytest.approx(0.5)


def test_answers_in_the_authored_order_have_a_tau_of_one_and_in_the_opposite_order_minus_one() -> None:
    (verdict,) = findings_of(lambda r: TARGETS[r.answer], effort("order")).verdicts
    assert verdict.value == pytest.approx(1.0)
    assert verdict.passed
    (verdict,) = findings_of(lambda r: 6 - TARGETS[r.answer], effort("order")).verdicts
    assert verdict.value == pytest.approx(-1.0)
    assert verdict.passed is False


def test_levels_that_do_not_fall_break_the_law_of_loss_but_only_bars_decide() -> None:
    findings = findings_of(lambda _: 4.0, effort("fall"))
    kept = {pair.law: pair.kept for pair in findings.pairs}
    assert kept == {
        "result deleted": False,
        "we for I": False,
        "figures deleted": False,
        "to another question": False,
        "sentences shuffled": True,
    }
    assert findings.passed


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ({"situation": 3.0, "result": 1.5}, True),
        ({"situation": 1.0, "result": 1.5}, False),
        ({"situation": 3.0, "result": 2.9}, False),
    ],
)
def test_a_deleted_result_lowers_the_row_of_the_result_further_than_any_other(
    after: dict[str, float], kept: bool
) -> None:
    original = item("a1")
    changed = item("a1~0", groups={"family": "fall", "law": "result deleted", "of": "a1", "rows": ["result"]})
    log = RunLog(
        card=card([original]),
        graded=[graded(original, 3.0, {"situation": 3.0, "result": 3.0}), graded(changed, 2.5, after)],
    )
    assert [pair.kept for pair in pairs_of(log, ["fall"])] == [kept]


@pytest.mark.parametrize(("family", "kept"), [("still", False), ("injection", True), ("floor", True)])
def test_an_answer_that_is_no_longer_scored_has_moved_but_has_not_gained(family: Family, kept: bool) -> None:
    changed = item("a1~0", groups={"family": family, "law": "x", "of": "a1", "rows": []})
    log = RunLog(card=card([item("a1")]), graded=[graded(item("a1"), 3.0), graded(changed, None)])
    assert [pair.kept for pair in pairs_of(log, [family])] == [kept]


async def test_a_broken_run_carries_on_with_the_same_changes(tmp_path: Path) -> None:
    wanted, pool = effort("still", "floor"), load_gold("test")
    whole = log_of(steady, wanted)
    log = tmp_path / "broken.jsonl"
    first = Rule(steady)
    judges = Judges(usual=first, again=first, apart=first)
    originals = choose(pool, wanted)
    graded_first = await grade_originals(judges, originals, card(originals), log, progress=_quiet)
    changed = changes(graded_first, pool, wanted)
    await grade_changed(judges, graded_first, changed[:4], log, progress=_quiet)
    assert changes(graded_first, pool, wanted) == changed
    second = Rule(steady)
    judges = Judges(usual=second, again=second, apart=second)
    found = await grade_changed(judges, graded_first, changed, log, progress=_quiet)
    assert second.asked == [each.id for each in changed[4:]]
    assert [g.item for g in found.graded] == [g.item for g in whole.graded]


async def test_a_model_that_fails_leaves_no_grade_behind_and_no_verdict(tmp_path: Path) -> None:
    class Failing(Rule):
        async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
            found = trace(request.id, None)
            grade = found.grade.model_copy(update={"reason": f"{UNAVAILABLE}: no model"})
            return found.model_copy(update={"grade": grade})

    failing = Failing(steady)
    originals = choose(load_gold("test"), effort())
    with pytest.raises(JudgeError, match="3 answers: the model failed"):
        await grade_originals(
            Judges(failing, failing, failing),
            originals,
            card(originals),
            tmp_path / "log.jsonl",
            progress=_quiet,
        )
    assert len((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 1


async def test_repeats_and_rows_apart_go_to_judges_that_remember_nothing(tmp_path: Path) -> None:
    usual, again, apart = Rule(steady), Rule(steady), Rule(steady)
    judges, wanted = Judges(usual, again, apart), effort("still", "retest")
    originals = choose(load_gold("test"), wanted)
    log = tmp_path / "log.jsonl"
    first = await grade_originals(judges, originals, card(originals), log, progress=_quiet)
    changed = changes(first, load_gold("test"), wanted)
    await grade_changed(judges, first, changed, log, progress=_quiet)
    by_law = {each.id: each.groups["law"][0] for each in changed}
    assert {by_law[id_] for id_ in again.asked} == {AGAIN}
    assert {by_law[id_] for id_ in apart.asked} == {APART}
    assert not {AGAIN, APART} & {by_law.get(id_) for id_ in usual.asked}


async def test_rows_asked_apart_come_back_in_order_with_all_their_checks() -> None:
    model = FakeLanguageModel(judge=lambda messages: float(len(messages[-1]["content"]) % 5))
    request = load_gold("test")[0].request()
    together = await Grader(model, RUBRICS).grade_with_trace(request)
    apart = await RowByRow(Grader(model, RUBRICS)).grade_with_trace(request)
    assert apart.checks == together.checks
    assert apart.grade.rows == together.grade.rows
    assert list(apart.grade.rows) == list(together.grade.rows)
    assert (apart.grade.overall, apart.fit) == (None, together.fit)


async def test_rows_asked_apart_of_a_failing_model_are_not_graded() -> None:
    def fail(_: object) -> float:
        raise LanguageModelUnavailable("no model")

    apart = RowByRow(Grader(FakeLanguageModel(judge=fail), RUBRICS))
    trace = await apart.grade_with_trace(load_gold("test")[0].request())
    assert (trace.grade.reason or "").startswith(UNAVAILABLE)


async def test_only_new_prompts_reach_the_model() -> None:
    model = FakeLanguageModel(judge=lambda messages: float(len(messages[0]["content"])))
    remembering = RememberingModel(model)
    one: list[Message] = [{"role": "user", "content": "one"}]
    four: list[Message] = [{"role": "user", "content": "four"}]
    said = [await remembering.yes_log_odds(each) for each in (one, four, one)]
    assert said == [3.0, 4.0, 3.0]
    assert model.calls == [one, four]


def test_what_a_gate_decides_or_cuts_out_needs_no_reading() -> None:
    words = "I built the pipeline with two colleagues and it went live in spring after a long test"
    original, twice = item("a1", words + "."), item("a2", f"{words}. {words}.")
    silent, again = item("a3", ""), item("a4", words + ".", groups={"law": AGAIN})
    assert readings([original]) == 1
    assert readings([original, twice, silent]) == 1
    assert readings([original, again]) == 2


def test_reports_hold_the_texts_of_the_worst_cases() -> None:
    found = log_of(lambda _: 1.6, effort("floor"))
    findings = judge(found, ["floor"])
    data, text = as_dict(findings, found.card), as_markdown(findings, found.card)
    worst = next(case for law in data["laws"] for case in law["worst"] if law["law"] == "gibberish")
    assert (worst["before"], worst["after"]) == (1.0, 1.6)
    assert worst["changed"] in text
    assert "BROKEN" in text
