from collections.abc import Mapping, Sequence

from evals.relevel import relevel
from evals.runlog import RunLog
from rubrics.levels import UncalibratedLevels
from rubrics.loader import rubric_version, shipped_rubrics
from rubrics.models import Interval, Row
from rubrics.trace import CheckTrace
from tests.eval_logs import at_target, ladder, make_log

STAR = shipped_rubrics()["star"]
VERSION = rubric_version(STAR)


class AlwaysFour:
    calibrated = True

    def asks(self, row: str, check: str) -> bool:
        return True

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        return Interval(level=4.0, low=3.5, high=4.5)

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        return rows["action"]


def _log(fit: float | None, version: str = VERSION) -> RunLog:
    log = make_log(ladder(1), at_target)
    graded = []
    for each in log.graded:
        grade = each.trace.grade.model_copy(update={"rubric_version": version, "flags": ["uncalibrated"]})
        graded.append(
            each.model_copy(update={"trace": each.trace.model_copy(update={"grade": grade, "fit": fit})})
        )
    return log.model_copy(update={"graded": graded})


def test_levels_are_computed_anew_from_the_stored_checks() -> None:
    log = relevel(_log(fit=1.0), {"star": STAR}, {VERSION: AlwaysFour()})
    grades = [graded.trace.grade for graded in log.graded]
    assert all(grade.overall == Interval(level=4.0, low=3.5, high=4.5) for grade in grades)
    assert all(grade.rows["result"].level == 4.0 and grade.flags == [] for grade in grades)
    assert grades[4].rows["result"].evidence


def test_an_answer_beside_its_question_stays_down_with_any_levels() -> None:
    log = relevel(_log(fit=0.0), {"star": STAR}, {VERSION: AlwaysFour()})
    assert {graded.trace.grade.rows["action"].level for graded in log.graded} == {1.0}


def test_what_a_gate_decided_and_what_another_version_graded_is_left_alone() -> None:
    for log in (_log(fit=None), _log(fit=1.0, version="star@0+old")):
        assert relevel(log, {"star": STAR}, {VERSION: AlwaysFour()}) == log


def test_uncalibrated_levels_say_so() -> None:
    log = relevel(_log(fit=1.0), {"star": STAR}, {VERSION: UncalibratedLevels()})
    assert log.graded[0].trace.grade.flags == ["uncalibrated"]
