"""Where things stand in the page's drawings, in per cent of the width and pixels of the height."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.report.delivery_models import AnswerDelivery
from agent.report.models import Level, Report, RubricLevel, RubricUsed, Share, StageReport, StageRow
from agent.report.wording import day, level_figure

_SEAM_SHARE = 0.012
"""Room for the sign of a follow-up, of the widest strip."""


@dataclass(frozen=True)
class HeatRow:
    title: str
    cells: list[StageRow | None]
    """One a stage; None where the stage is not looked at by the row's rubric."""


@dataclass(frozen=True)
class Heat:
    stages: Sequence[StageReport]
    groups: list[tuple[str, list[HeatRow]]]
    summary: str


@dataclass(frozen=True)
class Bar:
    kind: Literal["speech", "seam", "share"]
    x: float
    width: float


@dataclass(frozen=True)
class TrendDot:
    day: str
    level: Level
    x: float


@dataclass(frozen=True)
class TrendLine:
    stage: str
    rubric: str
    levels: dict[int, str]
    points: list[TrendDot]


def place(level: float) -> float:
    """Where a level stands on a scale of five equal columns: in the middle of its own."""
    return round(10 + (min(5.0, max(1.0, level)) - 1) * 20, 2)


def trend_y(level: float) -> float:
    """Pixels from the top of a drawing 124 pixels high."""
    return round(114 - (level - 1) * 26, 1)


def heat_map(report: Report) -> Heat:
    groups = []
    for used in report.rubrics:
        names = {r.row: r.title for stage in report.stages for r in stage.rows if r.rubric == used.id}
        rows = [
            HeatRow(title, [_cell(stage, used.id, row) for stage in report.stages])
            for row, title in names.items()
        ]
        groups.append((used.title, rows))
    return Heat(report.stages, groups, _heat_summary(report))


def _cell(stage: StageReport, rubric: str, row: str) -> StageRow | None:
    return next((r for r in stage.rows if (r.rubric, r.row) == (rubric, row)), None)


def _heat_summary(report: Report) -> str:
    cells = [(row, stage) for stage in report.stages for row in stage.rows]
    levels = [(row.level.level, row.title, stage.title) for row, stage in cells if row.level]
    if not levels:
        return "No row is assessed yet."
    high, low = max(levels), min(levels)
    return (
        f"{len(levels)} of {len(cells)} rows are assessed. Highest: {high[1]} in {high[2]} "
        f"({level_figure(high[0])}); lowest: {low[1]} in {low[2]} ({level_figure(low[0])})."
    )


def share_bar(shares: Sequence[Share]) -> list[Bar]:
    bars: list[Bar] = []
    x = 0.0
    for share in shares:
        bars.append(Bar("share", round(x, 2), round(100 * share.share, 2)))
        x += 100 * share.share
    return bars


def pause_strips(answers: Sequence[AnswerDelivery]) -> list[list[Bar]]:
    """Each answer's turns end to end, on one scale: speech, gaps where pauses were, a seam at each follow-up."""
    longest_s = max((a.seconds for a in answers), default=1.0)
    seam_s = _SEAM_SHARE * longest_s
    widest_s = max((a.seconds + seam_s * (len(a.spans) - 1) for a in answers), default=1.0) or 1.0
    return [_pause_strip(a, 100 / widest_s, seam_s) for a in answers]


def _pause_strip(answer: AnswerDelivery, scale: float, seam_s: float) -> list[Bar]:
    strip: list[Bar] = []
    at_s = 0.0
    for number, span in enumerate(answer.spans):
        if number:
            strip.append(
                Bar("seam", round((at_s + seam_s * 0.35) * scale, 2), round(seam_s * 0.3 * scale, 2))
            )
            at_s += seam_s
        start_s = span.start_s
        inside = [(p.start_s, p.end_s) for p in answer.pauses if span.start_s <= p.start_s < span.end_s]
        for stop_s, next_s in [*inside, (span.end_s, span.end_s)]:
            x_s = at_s + start_s - span.start_s
            strip.append(Bar("speech", round(x_s * scale, 2), round((stop_s - start_s) * scale, 2)))
            start_s = next_s
        at_s += span.end_s - span.start_s
    return strip


def trend_lines(report: Report) -> list[TrendLine]:
    """One for each stage and rubric that an earlier session was graded on too; today's level is the last point."""
    return [
        _trend_line(report, stage, entry, next(used for used in report.rubrics if used.id == entry.rubric))
        for stage in report.stages
        for entry in stage.levels
        if entry.level and any((p.stage, p.rubric) == (stage.id, entry.rubric) for p in report.trend)
    ]


def _trend_line(report: Report, stage: StageReport, entry: RubricLevel, used: RubricUsed) -> TrendLine:
    points = [(p.held, p.level) for p in report.trend if (p.stage, p.rubric) == (stage.id, entry.rubric)]
    if entry.level:
        points.append((report.header.held.astimezone().date(), entry.level))
    dots = [
        TrendDot(day(held), level, round(27 + 68 * i / max(1, len(points) - 1), 2))
        for i, (held, level) in enumerate(points)
    ]
    return TrendLine(stage.title, used.title, used.levels, dots)


def most_quotes(report: Report) -> int:
    rows = report.probing.rows if report.probing else []
    return max((r.volunteered + r.probed for r in rows), default=1)
