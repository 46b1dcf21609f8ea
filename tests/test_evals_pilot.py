"""A pilot's figures say what they should about candidates whose levels are known."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from evals.errors import EvalError
from evals.pilot.calls import Asked, Call
from evals.pilot.cast import MANNERS, Member, cast
from evals.pilot.grading import items_of
from evals.pilot.measuring import manner_figures, overall_tau
from evals.pilot.models import CandidateFigures
from evals.pilot.page import render_html
from evals.pilot.running import Judged, Pilot, grade_calls, report_of
from knowledge.loader import Content
from knowledge.screening.loader import load_script
from rubrics.loader import load_rubrics, rubric_version
from rubrics.models import Evidence, Grade, GradeRequest, Interval, RowGrade
from rubrics.trace import GradeTrace

SCRIPT = load_script("recruiter-screen-staff-ml")


NUMERALS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "forty",
    "percent",
    "million",
    "hundred",
)


class FakeGrader:
    """Takes figures for level: so many distinct numerals."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def grade_with_trace(
        self, request: GradeRequest, *, rows: Collection[str] | None = None
    ) -> GradeTrace:
        self.asked.append(request.id)
        level = 1.0 + min(4.0, 1.3 * sum(word in request.answer for word in NUMERALS))
        quote = Evidence(quote=request.answer[:9], start=0, end=9)
        row = RowGrade.scored(Interval(level=level, low=level, high=level), [quote] if level > 1 else [])
        grade = Grade(
            id=request.id, status="scored", reason=None, overall=None, rows=dict.fromkeys(rows or (), row),
            rubric_version=rubric_version(load_rubrics()[request.rubric]), model="fake", flags=["uncalibrated"],
        )  # fmt: skip
        return GradeTrace(grade=grade, fit=1.0, checks=[], prompt_version="p")


def judged(grader: FakeGrader) -> Judged:
    return Judged(grader, "fake", "p", load_rubrics())


def quiet(done: int, of: int) -> None: ...


def figures(level: float | None, intended: float, manner: str = "plain", seed: int = 0) -> CandidateFigures:
    return CandidateFigures(
        id="c", level=str(intended), intended=intended, manner=manner, seed=seed, mean_level=level,
        minutes=10, probes=0, by_question={},
    )  # fmt: skip


@pytest.fixture(scope="module")
def pilot(content: Content) -> Pilot:
    return Pilot(SCRIPT, cast([], ["plain", "terse", "nervous"], 1), content)


async def test_a_pilot_holds_grades_reports_and_carries_on(pilot: Pilot, tmp_path: Path) -> None:
    calls = await pilot.hold(pilot.typed, quiet)
    log = tmp_path / "graded.jsonl"
    first, again = FakeGrader(), FakeGrader()
    graded = await grade_calls(pilot, calls, judged(first), log, quiet)
    assert len(first.asked) == len(items_of(calls)[0]) > 30
    lines = log.read_text().splitlines()
    log.write_text("\n".join(lines[:-3]) + "\n")
    await grade_calls(pilot, calls, judged(again), log, quiet)
    assert len(again.asked) == 3
    report = report_of(pilot, calls, graded)
    assert [q.id.rpartition("/")[2] for q in report.questions] == ["q1", "q2", "q3", "q4", "q5"]
    assert report.authored_answers
    assert not report.calibrated
    assert (report.tau.value or 0) > 0.8
    assert report.questions[0].by_level["strong"] > report.questions[0].by_level["weak"]
    assert report.questions[0].missing_evidence > 0
    assert {m.manner for m in report.manners} == {"terse", "nervous"}
    assert 5 < report.minutes < report.planned_minutes
    page = render_html(report)
    assert SCRIPT.version in page
    assert "<script" not in page
    later = report_of(pilot, calls, graded, before=report)
    assert later.before is not None
    assert later.before.version == report.version


async def test_a_larger_cast_has_only_what_is_new_graded(pilot: Pilot, tmp_path: Path) -> None:
    calls = await pilot.hold(pilot.typed, quiet)
    fewer = [call for call in calls if call.member.manner == "plain"]
    log, first, again = tmp_path / "graded.jsonl", FakeGrader(), FakeGrader()
    await grade_calls(pilot, fewer, judged(first), log, quiet)
    found = await grade_calls(pilot, calls, judged(again), log, quiet)
    assert set(first.asked).isdisjoint(again.asked)
    assert {each.item.id for each in found.graded} == {item.id for item in items_of(calls)[0]}
    other = Judged(FakeGrader(), "another model", "p", load_rubrics())
    anew = await grade_calls(pilot, fewer, other, log, quiet)
    assert (anew.card.model, len(anew.graded)) == ("another model", len(first.asked))


def test_the_cast_is_every_level_manner_and_person_once() -> None:
    members = cast([], [], 2)
    assert len(members) == len({member.id for member in members}) == 3 * len(MANNERS) * 2 >= 27
    with pytest.raises(EvalError, match="use any of weak, mixed, strong"):
        cast(["brilliant"], [], 1)


def test_tau_is_one_for_the_intended_order_and_minus_one_for_its_reverse() -> None:
    order = [figures(1.0, 2), figures(2.0, 3), figures(3.5, 3), figures(4.0, 5)]
    assert overall_tau(order).value == 1.0
    reverse = [figures(5 - (c.mean_level or 0), c.intended) for c in order]
    assert overall_tau(reverse).value == -1.0


def test_the_effect_of_a_manner_is_paired_by_person() -> None:
    people = [figures(2.0, 2), figures(4.0, 5, seed=1)]
    nervous = [
        figures(1.5, 2, "nervous"),
        figures(3.5, 5, "nervous", seed=1),
        figures(1.0, 3, "nervous", seed=7),
    ]
    (found,) = manner_figures([*people, *nervous])
    assert (found.manner, found.pairs, found.effect.value) == ("nervous", 2, -0.5)


def call(level: str, answers: Sequence[str]) -> Call:
    member = Member(level, "plain", 0)  # type: ignore[arg-type]
    asked = [Asked(f"s/q{i}", "What?", ("screen.culture",), text, 0, 1.0) for i, text in enumerate(answers)]
    return Call(member, tuple(asked), 10.0, ())


def test_the_same_words_are_graded_once_and_a_skipped_question_never() -> None:
    items, rows = items_of([call("weak", ["same", ""]), call("strong", ["same", "other"])])
    assert sorted(item.answer for item in items) == ["other", "same"]
    assert all(own == ["culture"] for own in rows.values())
