"""`report.html`: one file that asks nothing of any network and runs no code but its own.

Everything that candidates or models said is escaped by the templates; the content security policy allows exactly the
one style sheet and the one script that are written into the page, by their hashes.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from agent.report import drawing, wording
from agent.report.audio import track_second
from agent.report.levels import nearest
from agent.report.models import Report, TranscriptTurn
from agent.report.sketch_svg import sketch_svg
from evals.templating import templates_in

TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Report, *, audio_src: str | None = None) -> str:
    """`audio_src` is the track as a data address; without it there are times but no play buttons."""
    css, js = _asset("report.css"), _asset("report.js")
    audio = report.audio if audio_src else None
    page = _environment().get_template("report.html.j2")
    return page.render(
        report=report,
        csp=_policy(css, js),
        css=Markup(css),
        js=Markup(js),
        audio_src=audio_src,
        contents=_contents(report),
        speaker="The candidate" if report.header.mode == "demo" else "You",
        rubrics={used.id: used for used in report.rubrics},
        stage_titles={stage.id: stage.title for stage in report.stages},
        retry="soundcheck type" if report.header.mode == "typed" else "soundcheck talk",
        doubtful=any(turn.doubtful for turn in report.transcript),
        elsewhere=_outside_the_scales(report),
        heat=drawing.heat_map(report),
        strips=drawing.pause_strips(report.delivery.answers) if report.delivery else [],
        trends=drawing.trend_lines(report),
        most_quotes=drawing.most_quotes(report),
        share_bar=drawing.share_bar,
        sketch_svg=sketch_svg,
        track_second=lambda at_s: track_second(audio, at_s),
    )


@cache
def _environment() -> Environment:
    environment = templates_in(TEMPLATES)
    environment.filters |= {
        "capitalise": wording.capitalise,
        "clock": wording.clock,
        "day": wording.day,
        "length_of_time": wording.length_of_time,
        "level": wording.level_figure,
        "lower_first": wording.lower_first,
        "marked": marked,
        "moment": wording.moment,
        "nearest": nearest,
        "pace_difference": wording.pace_difference,
        "percent": wording.percent,
        "place": drawing.place,
        "sentence": wording.sentence,
        "short": wording.short,
        "trend_y": drawing.trend_y,
        "weekday": wording.weekday,
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


def marked(turn: TranscriptTurn) -> list[tuple[str, bool]]:
    """The text of a turn in pieces, each with whether it is doubtful."""
    pieces = []
    at = 0
    for start, end in turn.doubtful:
        pieces += [(turn.text[at:start], False), (turn.text[start:end], True)]
        at = end
    pieces.append((turn.text[at:], False))
    return [piece for piece in pieces if piece[0]]


def _with_command(mend: str) -> Markup:
    """A sentence whose end, after a colon, is a command."""
    words, colon, command = mend.partition(": soundcheck ")
    if not colon:
        return Markup.escape(mend)
    return Markup('{}: <code class="command">soundcheck {}</code>').format(words, command)


def _outside_the_scales(report: Report) -> list[str]:
    """Stages without a line of their own, as no answer was graded with their rubric."""
    used = {rubric.id for rubric in report.rubrics}
    return [stage.title for stage in report.stages if not any(level.rubric in used for level in stage.levels)]


def _contents(report: Report) -> list[tuple[str, str]]:
    return [
        (id_, title)
        for id_, title, there in (
            ("levels", "Level by stage", True),
            ("moves", "Biggest moves", True),
            ("map", "Rows and stages", bool(report.rubrics)),
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
