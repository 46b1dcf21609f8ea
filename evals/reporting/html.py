"""`report.html`: one file that asks nothing of any network and runs no code. What candidates said is escaped."""

from collections import Counter
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from evals import wording
from evals.fairness import FEWEST
from evals.gates import INTERVAL_COVERAGE
from evals.reporting import plots
from evals.scores import Miss, RowScore, Scores
from evals.templating import templates_in

TEMPLATES = Path(__file__).parent / "templates"
_CONTENTS = {
    "rivals": "Beside its rivals",
    "gates": "Gates",
    "rows": "Rows",
    "errors": "Where the error sits",
    "calibration": "Calibration",
    "groups": "Groups",
    "answers": "Worst answers",
    "raters": "Raters",
    "run": "The run",
}


def render_html(scores: Scores) -> str:
    page = _environment().get_template("report.html.j2")
    contents = [(id_, title) for id_, title in _CONTENTS.items() if id_ != "groups" or scores.groups]
    return page.render(
        s=scores,
        card=flat_card(scores),
        columns=wording.COLUMNS,
        meanings=wording.MEANINGS,
        counts=Counter(gate.verdict for gate in scores.gates),
        shared=wording.shared_reason(scores.gates),
        fewest=FEWEST,
        contents=contents,
        plots={name: Markup(svg) for name, svg in _plots(scores).items()},
        css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
    )


def flat_card(scores: Scores) -> dict[str, str]:
    """The run card, a rubric a line."""
    fields = scores.card.model_dump(mode="json", exclude={"rubrics"})
    rubrics = {f"rubric {id_}": version for id_, version in scores.card.rubrics.items()}
    return {name.replace("_", " "): str(value) for name, value in fields.items()} | rubrics


def marked(miss: Miss) -> list[tuple[str, bool]]:
    """The answer in pieces, each with whether some level rests on it."""
    quoted = {
        index
        for quotes in miss.quotes.values()
        for quote in quotes
        for index in range(quote.start, quote.end)
    }
    pieces: list[tuple[str, bool]] = []
    for index, letter in enumerate(miss.answer):
        if pieces and pieces[-1][1] == (index in quoted):
            pieces[-1] = (pieces[-1][0] + letter, pieces[-1][1])
        else:
            pieces.append((letter, index in quoted))
    return pieces


def _plots(scores: Scores) -> dict[str, str]:
    rows: list[RowScore] = [row for row in (scores.overall, *scores.rows) if row.figures]
    return {
        "rivals": plots.rivals(scores),
        "rows": plots.rows(rows),
        "confusion": plots.confusion(scores.confusion),
        "bands": plots.bands(scores.bands),
        "coverage": plots.coverage(rows, INTERVAL_COVERAGE),
        "reliability": plots.reliability(scores.reliability) if scores.reliability else "",
        "learning": plots.learning(scores.learning) if scores.learning else "",
        "groups": plots.groups(scores.groups) if scores.groups else "",
    }


@cache
def _environment() -> Environment:
    environment = templates_in(TEMPLATES)
    environment.filters |= {
        "bar": wording.bar,
        "brief": wording.brief,
        "marked": marked,
        "reached": wording.reached,
        "two": wording.two,
    }
    return environment
