"""Where pilots are kept, and the models with which they are graded.

<data>/pilots/<script id>/<version hash>/
    graded.jsonl   every answer with every check's log-odds: a pilot that was broken off carries on from it
    report.json    report.html
"""

import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agent.graders import make_grader
from agent.language import open_language_model
from agent.sessions import write_atomically
from agent.settings import Settings
from evals.pilot.models import PilotReport
from evals.pilot.page import render_html
from evals.pilot.running import Conduct, Judged, Pilot, grade_calls, report_of
from evals.relevel import with_shipped_levels
from evals.running import Progress
from rubrics.loader import load_rubrics


@dataclass(frozen=True)
class Kept:
    """The files of one pilot."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "graded.jsonl"

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    @property
    def page(self) -> Path:
        return self.folder / "report.html"


def kept(settings: Settings, pilot: Pilot, out: Path | None) -> Kept:
    id_, _, fingerprint = pilot.loaded.version.partition("@")
    return Kept(out or settings.data_dir / "pilots" / id_ / fingerprint)


async def run_pilot(
    settings: Settings,
    pilot: Pilot,
    where: Kept,
    *,
    conduct: Conduct | None,
    talking: Progress,
    grading: Progress,
) -> PilotReport:
    """Hold, grade and report; what an earlier run has graded is not graded again. `conduct` None means typed."""
    began = time.monotonic()
    calls = await pilot.hold(conduct or pilot.typed, talking)
    carried_on = where.log.exists()
    rubrics = load_rubrics()
    async with open_language_model(settings) as language:
        grader = make_grader(settings, language, rubrics)
        parallel = 4 if settings.openai_base_url else 1
        judged = Judged(grader, grader.model, grader.prompt_version, rubrics, parallel)
        log = await grade_calls(pilot, calls, judged, where.log, grading)
    report = report_of(
        pilot,
        calls,
        with_shipped_levels(log),
        spoken=conduct is not None,
        work_s=None if carried_on else time.monotonic() - began,
        before=last_report(settings, pilot, where),
    )
    write_atomically(where.report, report.model_dump_json(indent=2) + "\n")
    write_atomically(where.page, render_html(report))
    return report


def last_report(settings: Settings, pilot: Pilot, where: Kept) -> PilotReport | None:
    """The newest pilot of another version of the same script."""
    reports = (settings.data_dir / "pilots" / pilot.loaded.script.id).glob("*/report.json")
    known = [report for path in reports if path != where.report and (report := _read(path))]
    others = [report for report in known if report.version != pilot.loaded.version]
    return max(others, key=lambda report: report.made, default=None)


def _read(path: Path) -> PilotReport | None:
    try:
        return PilotReport.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
