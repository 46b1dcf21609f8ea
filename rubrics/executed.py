"""How tests of a candidate's code enter a grade: beside what was said, and within bounds that anyone can check.

What was said sets the level of correctness; the tests say between which levels it may lie, because running code shows
more than talk about it, and passing tests argue for nothing.

| tests that pass | correctness lies between |
|---|---|
| none | 1 and 2: an idea at most |
| some of the visible ones | 1 and 2 + their share |
| all visible ones, fewer than half of the hidden ones | 2 and 3 + the share of the hidden ones |
| all visible ones, half of the hidden ones or more | 3 and 3 + the share of the hidden ones |
| all | 4 and 5 |
| all visible ones, where no hidden ones were run | 3 and 5 |

On testing the results are shown and move nothing: they are the problem's tests, and the row is about the candidate's.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rubrics.coderun import CodeRun, Suite
from rubrics.models import Grade, Interval, RowGrade

BOUNDED = "correctness"
SHOWN_ON = ("correctness", "testing")
_MANY = 0.5

Overall = Callable[[Mapping[str, Interval]], Interval]


class Bounds(NamedTuple):
    lowest: float
    highest: float

    def holding(self, level: Interval) -> Interval:
        low, mid, high = (
            round(min(self.highest, max(self.lowest, each)), 2)
            for each in (level.low, level.level, level.high)
        )
        return Interval(level=mid, low=low, high=high)


def with_tests(grade: Grade, run: CodeRun | None, overall: Overall) -> Grade:
    """The grade with the results of `run` in it. One that failed for want of a model, or has no such row, stays.

    A row about which nothing was said has the lowest level that the tests allow.
    """
    if run is None or not run.tests or not grade.rows:
        return grade
    rows = {
        name: _with_results(name, row, run) if name in SHOWN_ON else row for name, row in grade.rows.items()
    }
    levels = {name: interval for name, row in rows.items() if (interval := _interval(row)) is not None}
    whole = overall(levels) if grade.overall is not None and rows != grade.rows else grade.overall
    return grade.model_copy(update={"rows": rows, "overall": whole})


def bounds(run: CodeRun) -> Bounds:
    """Between which levels correctness may lie."""
    visible, hidden = _share(run, "visible"), _share(run, "hidden")
    if not any(test.status == "passed" for test in run.tests):
        return Bounds(1.0, 2.0)
    if visible is not None and visible < 1:
        return Bounds(1.0, round(2.0 + visible, 2))
    if hidden is None:
        return Bounds(3.0, 5.0)
    if hidden < 1:
        return Bounds(3.0 if hidden >= _MANY else 2.0, round(3.0 + hidden, 2))
    return Bounds(4.0, 5.0)


def in_words(run: CodeRun) -> str:
    """The results as a report shows them, e.g. `7 of 9 hidden tests pass, 4 of 4 visible tests pass`."""
    counts = [
        f"{run.passed(suite)} of {len(run.of(suite))} {suite} tests pass"
        for suite in ("hidden", "visible")
        if run.of(suite)
    ]
    late = sum(test.status == "timed out" for test in run.tests)
    return ", ".join([*counts, *([f"{late} did not end in time"] if late else [])])


def _with_results(name: str, row: RowGrade, run: CodeRun) -> RowGrade:
    shown = row.model_copy(update={"tests": in_words(run)})
    if name != BOUNDED:
        return shown
    allowed = bounds(run)
    said = _interval(row)
    held = (
        allowed.holding(said)
        if said is not None
        else Interval(level=allowed.lowest, low=allowed.lowest, high=allowed.highest)
    )
    return shown.model_copy(update={**held.model_dump(), "status": "scored", "reason": None})


def _interval(row: RowGrade) -> Interval | None:
    if row.level is None or row.low is None or row.high is None:
        return None
    return Interval(level=row.level, low=row.low, high=row.high)


def _share(run: CodeRun, suite: Suite) -> float | None:
    tests = run.of(suite)
    return run.passed(suite) / len(tests) if tests else None
