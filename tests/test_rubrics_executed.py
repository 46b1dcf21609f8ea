"""Results of tests move correctness within bounds, are shown as counts, and change nothing else."""

import json
from itertools import pairwise

import pytest

from rubrics.coderun import CodeRun, Outcome, OutcomeStatus, Suite
from rubrics.errors import LanguageModelUnavailable
from rubrics.executed import Bounds, bounds, in_words
from rubrics.grader import Grader
from rubrics.loader import shipped_rubrics
from rubrics.models import Grade, GradeRequest, Interval
from tests.fakes import FakeLanguageModel

RUBRICS = shipped_rubrics()
SAID = "I would keep a heap of size k, push each event onto it, and remove the smallest one when it is too large."


def run(
    visible: int, hidden: int, *, of: tuple[int, int] = (4, 9), missed: OutcomeStatus = "failed"
) -> CodeRun:
    """So many tests pass; `of` says how many there are."""
    counts: list[tuple[Suite, int, int]] = [("visible", visible, of[0]), ("hidden", hidden, of[1])]
    tests = [
        Outcome(suite=suite, name=f"test_{suite}_{i}", status="passed" if i < passed else missed)
        for suite, passed, total in counts
        for i in range(total)
    ]
    return CodeRun(tests=tests, seconds=1.0)


async def graded(code: CodeRun | None, *, said: str = SAID, log_odds: float = -3.0) -> Grade:
    request = GradeRequest(id="a", rubric="code", question="Find the top k.", answer=said, code=code)
    return await Grader(FakeLanguageModel(judge=lambda _: log_odds), RUBRICS).grade(request)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (run(0, 0), Bounds(1, 2)),
        (run(1, 0), Bounds(1, 2.25)),
        (run(4, 0), Bounds(2, 3)),
        (run(4, 4), Bounds(2, 3 + 4 / 9)),
        (run(4, 5), Bounds(3, 3 + 5 / 9)),
        (run(4, 8), Bounds(3, 3 + 8 / 9)),
        (run(3, 9), Bounds(1, 2.75)),
        (run(4, 9), Bounds(4, 5)),
        (run(4, 0, of=(4, 0)), Bounds(3, 5)),
        (run(0, 0, of=(0, 9)), Bounds(1, 2)),
    ],
)
def test_the_rule_is_the_one_in_the_table(code: CodeRun, expected: Bounds) -> None:
    assert bounds(code) == pytest.approx(expected, abs=0.01)


def test_a_further_passing_test_never_lowers_a_bound() -> None:
    steps = [bounds(run(v, h)) for v, h in [(0, 0), (1, 0), (3, 0), (4, 0), *((4, h) for h in range(10))]]
    for before, after in pairwise(steps):
        assert before.lowest <= after.lowest
        assert before.highest <= after.highest


def test_a_level_within_the_bounds_stays_where_it_is() -> None:
    level = Interval(level=3.2, low=2.5, high=3.9)
    assert Bounds(3.0, 3.5).holding(level) == Interval(level=3.2, low=3.0, high=3.5)


async def test_code_that_passes_every_test_is_at_least_strong_whatever_was_said() -> None:
    without, within = await graded(None), await graded(run(4, 9))
    assert without.overall is not None
    assert within.overall is not None
    assert (without.rows["correctness"].level, within.rows["correctness"].level) == (1.0, 4.0)
    assert within.overall.level > without.overall.level
    others = [name for name in within.rows if name != "correctness"]
    assert [within.rows[name].level for name in others] == [without.rows[name].level for name in others]


async def test_fine_words_about_code_that_fails_do_not_reach_its_level() -> None:
    grade = await graded(run(4, 2), log_odds=9.0)
    level = grade.rows["correctness"].level
    assert level is not None
    assert level <= 3 + 2 / 9


async def test_results_are_shown_beside_the_quotes_and_never_among_them() -> None:
    grade = await graded(run(4, 7))
    shown = {name: row.tests for name, row in grade.rows.items() if row.tests}
    assert shown == dict.fromkeys(
        ("correctness", "testing"), "7 of 9 hidden tests pass, 4 of 4 visible tests pass"
    )
    for row in grade.rows.values():
        assert all(SAID[e.start : e.end] == e.quote for e in row.evidence)


def test_tests_that_did_not_end_are_named() -> None:
    assert in_words(run(4, 8, missed="timed out")).endswith("1 did not end in time")


async def test_silence_beside_code_is_graded_by_the_tests_alone_and_leaves_the_rest_unscored() -> None:
    grade = await graded(run(4, 7), said="")
    assert (grade.status, grade.overall) == ("unscored", None)
    correctness = grade.rows["correctness"]
    assert (correctness.status, correctness.level, correctness.high) == ("scored", 3.0, 3.78)
    assert grade.rows["complexity"].status == "unscored"


async def test_a_grade_that_failed_for_want_of_a_model_stays_to_be_done_again() -> None:
    def fail(_: object) -> float:
        raise LanguageModelUnavailable("gone")

    request = GradeRequest(id="a", rubric="code", question="Find it.", answer=SAID, code=run(4, 9))
    grade = await Grader(FakeLanguageModel(judge=fail), RUBRICS).grade(request)
    assert {row.status for row in grade.rows.values()} == {"unscored"}


async def test_without_code_a_line_of_output_has_the_fields_it_always_had() -> None:
    row = json.loads((await graded(None)).model_dump_json())["rows"]["correctness"]
    assert set(row) == {"level", "low", "high", "status", "reason", "evidence"}


def test_code_may_come_in_a_line_of_input() -> None:
    line = {"id": "a", "rubric": "code", "question": "?", "answer": SAID, "code": run(4, 9).model_dump()}
    assert GradeRequest.model_validate_json(json.dumps(line)).code == run(4, 9)
