"""`report.html`: one file that asks nothing of any network and runs no code but its own.

Everything that candidates or models said is escaped by the templates; the content security policy allows exactly the
one style sheet and the one script that are written into the page, by their hashes.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agent.report.audio import track_second
from agent.report.levels import nearest
from agent.report.models import (
    AnswerDelivery,
    Level,
    Report,
    Share,
    StageReport,
    StageRow,
    TranscriptTurn,
)
from agent.report.wording import (
    capitalise,
    clock,
    day,
    length_of_time,
    level_figure,
    lower_first,
    moment,
    percent,
    sentence,
    short,
)

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class HeatRow:
    title: str
    cells: list[StageRow | None]


@dataclass(frozen=True)
class Heat:
    stages: Sequence[StageReport]
    groups: list[tuple[str, list[HeatRow]]]
    summary: str


@dataclass(frozen=True)
class Strip:
    kind: Literal["speech", "seam"]
    x: float
    width: float


@dataclass(frozen=True)
class TrendDot:
    day: str
    level: Level
    x: float
    y: float
    low_y: float
    high_y: float


@dataclass(frozen=True)
class TrendLine:
    stage: str
    rubric: str
    points: list[TrendDot]


def render_html(report: Report, *, audio_src: str | None = None) -> str:
    """`audio_src` is the track as a data address; without it there are times but no play buttons."""
    css, js = _asset("report.css"), _asset("report.js")
    titles = {stage.id: stage.title for stage in report.stages}
    audio = report.audio if audio_src else None
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            csp=_policy(css, js),
            css=Markup(css),
            js=Markup(js),
            audio_src=audio_src,
            contents=_contents(report),
            heat=heat_map(report),
            rubrics={used.id: used for used in report.rubrics},
            stage_titles=titles,
            retry="soundcheck type" if report.header.mode == "typed" else "soundcheck talk",
            doubtful=any(turn.doubtful for turn in report.transcript),
            trends=_trends(report, titles),
            most_quotes=_most_quotes(report),
            track_second=lambda at_s: track_second(audio, at_s),
            share_bar=_share_bar,
            pause_strip=lambda a: pause_strip(a, _longest_s(report)),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "capitalise": capitalise,
        "clock": clock,
        "day": day,
        "length_of_time": length_of_time,
        "level": level_figure,
        "lower_first": lower_first,
        "marked": marked,
        "moment": moment,
        "nearest": nearest,
        "percent": percent,
        "place": place,
        "sentence": sentence,
        "short": short,
        "with_command": _with_command,
    }
    return environment


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(css: str, js: str) -> str:
    return (
        f"default-src 'none'; style-src '{_sha256(css)}'; script-src '{_sha256(js)}'; media-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def place(level: float) -> float:
    """Per cent of the width at which a level stands on a scale of five equal columns."""
    return round(10 + (min(5.0, max(1.0, level)) - 1) * 20, 2)


def marked(turn: TranscriptTurn) -> list[tuple[str, bool]]:
    """The text of a turn in pieces, each with whether it is doubtful."""
    pieces = []
    at = 0
    for start, end in turn.doubtful:
        pieces += [(turn.text[at:start], False), (turn.text[start:end], True)]
        at = end
    pieces.append((turn.text[at:], False))
    return [piece for piece in pieces if piece[0]]


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
    cells = [(r, stage) for stage in report.stages for r in stage.rows]
    levels = [(r.level.level, r.title, stage.title) for r, stage in cells if r.level]
    if not levels:
        return "No row is assessed yet."
    high, low = max(levels), min(levels)
    return (
        f"{len(levels)} of {len(cells)} cells are assessed. Highest: {high[1]} in {high[2]} ({level_figure(high[0])}); "
        f"lowest: {low[1]} in {low[2]} ({level_figure(low[0])})."
    )


def _share_bar(shares: Sequence[Share]) -> list[Mapping[str, float]]:
    bar = []
    x = 0.0
    for share in shares:
        bar.append({"x": round(x, 2), "width": round(100 * share.share, 2)})
        x += 100 * share.share
    return bar


def pause_strip(answer: AnswerDelivery, longest_s: float) -> list[Strip]:
    """An answer's turns laid end to end: speech, gaps where pauses were, a seam where a follow-up was asked."""
    strip = []
    before_s = 0.0
    scale = 100 / max(longest_s, 1.0)
    for number, span in enumerate(answer.spans):
        if number:
            strip.append(Strip("seam", round(before_s * scale, 2), 0.3))
        start_s = span.start_s
        inside = [p for p in answer.pauses if span.start_s <= p.start_s < span.end_s]
        for stop_s, next_s in [*((p.start_s, p.end_s) for p in inside), (span.end_s, span.end_s)]:
            x = before_s + start_s - span.start_s
            strip.append(Strip("speech", round(x * scale, 2), round((stop_s - start_s) * scale, 2)))
            start_s = next_s
        before_s += span.end_s - span.start_s
    return strip


def _longest_s(report: Report) -> float:
    return max((a.seconds for a in report.delivery.answers), default=0.0) if report.delivery else 0.0


def _most_quotes(report: Report) -> int:
    rows = report.probing.rows if report.probing else []
    return max((r.volunteered + r.probed for r in rows), default=1)


def _trends(report: Report, titles: Mapping[str, str]) -> list[TrendLine]:
    lines = []
    for stage in report.stages:
        for entry in stage.levels:
            points = [
                (p.held, p.level) for p in report.trend if (p.stage, p.rubric) == (stage.id, entry.rubric)
            ]
            if points and entry.level:
                points.append((report.header.held.astimezone().date(), entry.level))
                title = next(used.title for used in report.rubrics if used.id == entry.rubric)
                lines.append(
                    TrendLine(
                        titles[stage.id],
                        title,
                        [
                            TrendDot(
                                day(held),
                                level,
                                x=round(4 + 92 * i / max(1, len(points) - 1), 2),
                                y=_trend_y(level.level),
                                low_y=_trend_y(level.low),
                                high_y=_trend_y(level.high),
                            )
                            for i, (held, level) in enumerate(points)
                        ],
                    )
                )
    return lines


def _trend_y(level: float) -> float:
    return round(68 - (level - 1) * 16, 1)


def _with_command(mend: str) -> Markup:
    """A sentence whose end, after a colon, is a command."""
    words, colon, command = mend.partition(": soundcheck ")
    if not colon:
        return Markup.escape(mend)
    return Markup('{}: <code class="command">soundcheck {}</code>').format(words, command)


def _contents(report: Report) -> list[tuple[str, str]]:
    return [
        (id_, title)
        for id_, title, there in (
            ("levels", "Level by stage", True),
            ("moves", "Biggest moves", True),
            ("map", "Rows and stages", bool(report.answers)),
            ("answers", "Answers", bool(report.answers)),
            ("delivery", "Delivery", report.delivery is not None),
            ("probing", "Volunteered", report.probing is not None),
            ("trend", "Earlier sessions", bool(report.trend)),
            ("plan", "Plan", True),
            ("transcript", "Transcript", bool(report.transcript)),
            ("method", "How it was computed", True),
        )
        if there
    ]
