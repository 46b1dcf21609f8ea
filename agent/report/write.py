"""Writes the report of a session: grades what is not graded yet, builds, and puts the files into its folder.

Everything is read from what is stored, so that a report can be made again at any time. No model is loaded in here:
without a grader, answers stay ungraded and say so; without a search, missed points are those found earlier.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from agent.code_runs import CodeRuns, suites_in
from agent.errors import SessionError
from agent.grading import GradedAnswer, GradingDesk, read_grades, text_sha256
from agent.report.audio import data_uri, make_track, recordings, reusable_track
from agent.report.build import build_report
from agent.report.material import Library, Material, PointCover, gather
from agent.report.models import Audio, Report
from agent.report.pads import write_sketches
from agent.report.render_html import render_html
from agent.report.render_markdown import render_markdown
from agent.sessions import Session, SessionStore, append_durably, read_lines, write_atomically
from agent.settings import Settings
from graphs.deps import Deps
from graphs.models import Answer, View
from graphs.probing import COVERED
from graphs.stored import load_view
from knowledge.loader import load_content
from knowledge.models import Search
from rubrics.grader import Grader
from rubrics.loader import shipped_rubrics

MOST_EARLIER = 20


@dataclass(frozen=True)
class ReportPaths:
    html: Path
    json: Path
    markdown: Path


async def write_report(
    session: Session,
    settings: Settings,
    *,
    grader: Grader | None = None,
    search: Search | None = None,
    view: View | None = None,
    library: Library | None = None,
    made: datetime | None = None,
    progress: Callable[[int], None] = lambda left: None,
) -> ReportPaths:
    """Make `report.html`, `report.json` and `report.md` in the session's folder.

    `view` is that of an interview which is open, `library` what is loaded already; left out, both are read. `progress`
    hears how many answers are still to be graded. The same data gives the same files but for the moment at which they
    were `made`.

    Raises SessionError or StoreError where something stored is damaged, ContentError where the guide is.
    """
    if library is None:
        library = await asyncio.to_thread(load_library, settings)
    view = view or await stored_view(session, library)
    if view.script is not None:
        raise SessionError(
            f"session {session.id} follows a screening script, which has no practice report: soundcheck script review"
        )
    runs = CodeRuns(library.suites)
    grades = await grade_the_rest(session, view, grader, progress, runs) if grader is not None else None
    if search is not None:
        await asyncio.to_thread(_note_coverage, session, view.answers, search)
    material = gather(session, view, library, grades=grades, earlier=earlier_reports(session))
    return await asyncio.to_thread(_write, session, material, made or datetime.now(UTC))


def load_library(settings: Settings) -> Library:
    content = load_content(settings.guide)
    return Library(
        content.guide,
        content.topics,
        content.banks,
        shipped_rubrics(),
        problems=content.problems,
        suites=suites_in(content),
    )


async def stored_view(session: Session, library: Library) -> View:
    """Where the interview stands; one without a word where nothing is stored yet."""
    deps = Deps(library.guide, library.topics, library.banks)
    view = await load_view(session.database, deps, session.id)
    return view or View(
        session=session.id,
        loop="",
        stages=[],
        stage=None,
        question=None,
        question_text=None,
        turns=[],
        answers=[],
        paused=False,
        finished=False,
        elapsed_s=0.0,
        budget_s=0.0,
        patience_s=0.0,
    )


def waits_for_models(session: Session, view: View) -> bool:
    """Whether an answer has yet to be graded, or compared with the points of its topic."""
    graded = {(g.answer, g.text_sha256) for g in read_grades(session).values()}
    compared = {(row.answer, row.text_sha256) for row in _stored_coverage(session)}
    wanted = {(a.id, text_sha256(a)) for a in _gradable(view.answers)}
    return not wanted <= graded or not wanted <= compared


async def grade_the_rest(
    session: Session,
    view: View,
    grader: Grader,
    progress: Callable[[int], None],
    runs: CodeRuns | None = None,
) -> dict[str, GradedAnswer]:
    """All grades, once the answers that had no current one are graded. What the model failed on is tried again."""
    desk = GradingDesk(session, grader, runs)
    try:
        desk.submit(view.answers)
        return await desk.finish(progress)
    finally:
        await desk.close()


def earlier_reports(session: Session) -> list[Report]:
    """Reports of the sessions before this one, oldest first; one that cannot be read is left out."""
    before = [s for s in SessionStore(session.folder.parent).list() if s.id < session.id][:MOST_EARLIER]
    found = [read_report(s) for s in reversed(before)]
    return [report for report in found if report is not None]


def read_report(session: Session) -> Report | None:
    """The report as it was last written; None where there is none, or another version wrote it."""
    try:
        return Report.model_validate_json((session.folder / "report.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _note_coverage(session: Session, answers: Sequence[Answer], search: Search) -> None:
    """Store how near each finished answer came to its points, where that is not stored yet."""
    known = {(row.answer, row.text_sha256) for row in _stored_coverage(session)}
    for answer in _gradable(answers):
        key = (answer.id, text_sha256(answer))
        if key not in known:
            similarity = search.coverage(answer.text, answer.points) if answer.points else {}
            rounded = {point: round(value, 4) for point, value in similarity.items()}
            row = PointCover(answer=key[0], text_sha256=key[1], similarity=rounded, covered_from=COVERED)
            append_durably(session.folder / "coverage.jsonl", row)


def _stored_coverage(session: Session) -> list[PointCover]:
    return read_lines(session.folder / "coverage.jsonl", PointCover)


def _gradable(answers: Sequence[Answer]) -> list[Answer]:
    return [a for a in answers if a.complete and not a.skipped]


def _write(session: Session, material: Material, made: datetime) -> ReportPaths:
    report = build_report(material, made=made)
    track = session.folder / "report.mp3"
    report = report.model_copy(update={"audio": _track(session, report, track)})
    paths = ReportPaths(
        session.folder / "report.html", session.folder / "report.json", session.folder / "report.md"
    )
    write_sketches(session, report.answers)
    write_atomically(paths.json, report.model_dump_json(indent=2) + "\n")
    write_atomically(paths.markdown, render_markdown(report))
    write_atomically(paths.html, render_html(report, audio_src=data_uri(track) if report.audio else None))
    return paths


def _track(session: Session, report: Report, track: Path) -> Audio | None:
    """The sound of both sides; encoded again only where the recordings have grown or other quotes are to be heard."""
    files = recordings(session.folder)
    quotes_at_s = [q.at_s for a in report.answers for row in a.rows for q in row.quotes if q.at_s is not None]
    earlier = read_report(session)
    kept = reusable_track(files, quotes_at_s, track, earlier.audio if earlier else None)
    return kept or make_track(files, quotes_at_s, track)
