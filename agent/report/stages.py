"""Levels of stages, what was volunteered, and how earlier sessions went: everything that spans several answers."""

from collections.abc import Mapping, Sequence

from agent.report.levels import combine, worded
from agent.report.material import Material
from agent.report.models import (
    AnswerReport,
    Level,
    ProbedRow,
    Probing,
    Report,
    RubricLevel,
    RubricUsed,
    StageReport,
    StageRow,
    TrendPoint,
)
from rubrics.models import Interval, Rubric


def stage_reports(answers: Sequence[AnswerReport], material: Material) -> list[StageReport]:
    """The stages of this interview in its order, those without an answer included."""
    titles = {stage.id: stage.title for stage in material.library.guide.stages}
    order = [*material.view.stages, *(a.stage for a in answers if a.stage not in material.view.stages)]
    return [
        _stage(stage, titles.get(stage, stage), [a for a in answers if a.stage == stage], material)
        for stage in dict.fromkeys(order)
    ]


def _stage(stage: str, title: str, answers: Sequence[AnswerReport], material: Material) -> StageReport:
    rubrics = _rubrics(stage, answers, material)
    return StageReport(
        id=stage,
        title=title,
        answers=len(answers),
        graded=sum(a.status in ("graded", "partly-graded") for a in answers),
        levels=[_level(rubric, answers) for rubric in rubrics],
        rows=[row for rubric in rubrics for row in _rows(rubric, answers)],
    )


def _rubrics(stage: str, answers: Sequence[AnswerReport], material: Material) -> list[Rubric]:
    """The stage's own rubric first, as the guide names them; then any other that its answers were graded with."""
    guide = next((s for s in material.library.guide.stages if s.id == stage), None)
    named = [name.partition(".")[0] for name in guide.rubrics] if guide else []
    used = [level.rubric for a in answers for level in a.levels]
    order = [r for r in dict.fromkeys([*named, *used]) if r in material.library.rubrics]
    return [material.library.rubrics[r] for r in (order if used else order[:1]) if r in used or not used]


def _level(rubric: Rubric, answers: Sequence[AnswerReport]) -> RubricLevel:
    levels = [level for a in answers for level in a.levels if level.rubric == rubric.id]
    scored = [level.level for level in levels if level.level]
    together = combine([_interval(level) for level in scored])
    return RubricLevel(
        rubric=rubric.id,
        level=worded(together, rubric) if together else None,
        reason=None if together else _why_none(answers),
        answers=len(scored),
        quotes=sum(level.quotes for level in levels if level.level),
    )


def _rows(rubric: Rubric, answers: Sequence[AnswerReport]) -> list[StageRow]:
    rows = []
    for row in rubric.rows:
        results = [r for a in answers for r in a.rows if (r.rubric, r.row) == (rubric.id, row.id)]
        together = combine([_interval(r.level) for r in results if r.level])
        rows.append(
            StageRow(
                rubric=rubric.id,
                row=row.id,
                title=row.title,
                level=worded(together, rubric) if together else None,
                reason=None
                if together
                else (results[0].reason if results else "no question here asked for it"),
                answers=sum(r.level is not None for r in results),
                quotes=sum(len(r.quotes) for r in results if r.level),
            )
        )
    return rows


def _interval(level: Level) -> Interval:
    return Interval(level=level.level, low=level.low, high=level.high)


def _why_none(answers: Sequence[AnswerReport]) -> str:
    if not answers:
        return "no question of this stage was answered"
    return next((a.reason for a in answers if a.reason), "no answer of this stage was graded")


def probing(
    answers: Sequence[AnswerReport], used: Sequence[RubricUsed], rubrics: Mapping[str, Rubric]
) -> Probing | None:
    """Quotes by when they were said. None where no answer was probed, so that there is nothing to tell apart."""
    if not any(a.probes for a in answers):
        return None
    rows: dict[tuple[str, str, str], list[int]] = {}
    for answer in answers:
        for row in answer.rows:
            counts = rows.setdefault((row.rubric, row.row, row.title), [0, 0])
            counts[0] += sum(q.volunteered is True for q in row.quotes)
            counts[1] += sum(q.volunteered is False for q in row.quotes)
    quotes = {
        (a.id, q.start, q.end): q.volunteered
        for a in answers
        for row in a.rows
        for q in row.quotes
        if q.volunteered is not None
    }
    order = [(entry.id, row.id) for entry in used for row in rubrics[entry.id].rows]
    return Probing(
        volunteered=sum(quotes.values()),
        probed=len(quotes) - sum(quotes.values()),
        rows=[
            ProbedRow(rubric=rubric, row=row, title=title, volunteered=first, probed=later)
            for (rubric, row, title), (first, later) in sorted(
                rows.items(), key=lambda item: order.index(item[0][:2])
            )
            if first or later
        ],
    )


def trend(
    stages: Sequence[StageReport], used: Sequence[RubricUsed], earlier: Sequence[Report]
) -> list[TrendPoint]:
    """Levels of the same stages in earlier sessions, as far as the same version of the rubric gave them."""
    wanted = {
        (stage.id, level.rubric, _version(used, level.rubric))
        for stage in stages
        for level in stage.levels
        if level.level
    }
    return [
        TrendPoint(
            session=report.header.session,
            held=report.header.held.astimezone().date(),
            stage=stage.id,
            rubric=level.rubric,
            level=level.level,
        )
        for report in earlier
        for stage in report.stages
        for level in stage.levels
        if level.level and (stage.id, level.rubric, _version(report.rubrics, level.rubric)) in wanted
    ]


def _version(used: Sequence[RubricUsed], rubric: str) -> str | None:
    return next((u.version for u in used if u.id == rubric), None)
