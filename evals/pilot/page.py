"""The pilot's report as one self-contained page that runs no code, and as lines for a terminal."""

from pathlib import Path

from markupsafe import Markup

from evals import wording
from evals.pilot.models import PilotReport
from evals.reporting.html import TEMPLATES as SHARED
from evals.templating import templates_in

TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: PilotReport) -> str:
    environment = templates_in(TEMPLATES)
    environment.filters["two"] = wording.two
    environment.filters["interval"] = wording.with_interval
    css = Markup((SHARED / "report.css").read_text(encoding="utf-8"))
    return environment.get_template("pilot.html.j2").render(r=report, css=css, levels=_levels(report))


def _levels(report: PilotReport) -> list[str]:
    return list(dict.fromkeys(c.level for c in sorted(report.candidates, key=lambda c: c.intended)))
