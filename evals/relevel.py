"""What a log's answers would have been graded with other levels: the stored checks, combined anew."""

from collections.abc import Mapping

from evals.runlog import Graded, RunLog
from rubrics.calibration import shipped_calibrations
from rubrics.levels import Levels, combine
from rubrics.loader import rubric_version, shipped_rubrics
from rubrics.models import Grade, Interval, Row, RowGrade, Rubric

_UNCALIBRATED = "uncalibrated"


def relevel(log: RunLog, rubrics: Mapping[str, Rubric], levels: Mapping[str, Levels]) -> RunLog:
    """`levels` by rubric version. What a gate decided, and what was graded by another version, stays as it is."""
    known = {rubric_version(rubric): rubric for rubric in rubrics.values()}
    return log.model_copy(update={"graded": [_releveled(each, known, levels) for each in log.graded]})


def with_shipped_levels(log: RunLog) -> RunLog:
    """`log` with the levels of the calibrations that are shipped for its model and prompts."""
    return relevel(log, shipped_rubrics(), shipped_calibrations(log.card.model, log.card.prompts))


def _releveled(graded: Graded, known: Mapping[str, Rubric], levels: Mapping[str, Levels]) -> Graded:
    trace, version = graded.trace, graded.trace.grade.rubric_version
    if trace.fit is None or version not in known or version not in levels:
        return graded
    seen = {check.row for check in trace.checks}
    rows: list[Row] = [row for row in known[version].rows if row.id in seen]
    by_row, overall = combine(levels[version], rows, trace.checks, trace.fit)
    grade = _with_levels(trace.grade, by_row, overall, calibrated=levels[version].calibrated)
    return graded.model_copy(update={"trace": trace.model_copy(update={"grade": grade})})


def _with_levels(
    grade: Grade, by_row: Mapping[str, Interval], overall: Interval, *, calibrated: bool
) -> Grade:
    flags = [flag for flag in grade.flags if flag != _UNCALIBRATED]
    return grade.model_copy(
        update={
            "overall": overall,
            "rows": {row: _row(grade.rows[row], level) for row, level in by_row.items()},
            "flags": flags if calibrated else [*flags, _UNCALIBRATED],
        }
    )


def _row(row: RowGrade, level: Interval) -> RowGrade:
    return row.model_copy(update=level.model_dump())
