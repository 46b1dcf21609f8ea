"""Writing the report of a session, from the stored interview to the files in its folder."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agent.grading import read_grades
from agent.report.drills import drills
from agent.report.material import Library
from agent.report.models import Report
from agent.report.schema import FILE, report_schema
from agent.report.write import (
    read_report,
    stored_view,
    waits_for_models,
    write_report,
)
from agent.sessions import Session, SessionStore
from agent.settings import Settings
from graphs.deps import Deps
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.plan import make_plan
from graphs.storage import open_saver
from rubrics.grader import Grader
from rubrics.loader import shipped_rubrics
from rubrics.models import Evidence, Grade, GradeRequest, Interval, RowGrade
from tests.fakes import FakeLanguageModel, FakeSearch
from tests.report_sessions import MADE, STORY, practice_session, shipped_content

GIVEN = Interval(level=3.0, low=2.5, high=3.5)


class EvenGrader(Grader):
    """Gives every row a 3 with the answer's first words as evidence; or fails as an unreachable model does."""

    def __init__(self, *, reachable: bool = True) -> None:
        super().__init__(FakeLanguageModel(), {})
        self.reachable = reachable
        self.asked: list[str] = []

    async def grade(self, request: GradeRequest, *, rows: Collection[str] | None = None, **_: Any) -> Grade:
        self.asked.append(f"{request.id}:{request.rubric}")
        reason = None if self.reachable else "language model unavailable: nobody answers"
        quote = Evidence(quote=request.answer[:12], start=0, end=12)
        row = RowGrade(
            level=3.0 if self.reachable else None,
            low=2.5 if self.reachable else None,
            high=3.5 if self.reachable else None,
            status="scored" if self.reachable else "unscored",
            reason=reason,
            evidence=[quote] if self.reachable else [],
        )
        return Grade(
            id=request.id,
            status=row.status,
            reason=reason,
            overall=GIVEN if self.reachable else None,
            rows=dict.fromkeys(rows or (), row),
            rubric_version=f"{request.rubric}@1.0+0",
            model="even",
            flags=["uncalibrated"],
        )


@pytest.fixture(scope="module")
def library() -> Library:
    content = shipped_content()
    return Library(content.guide, content.topics, content.banks, shipped_rubrics())


@pytest.fixture
async def stored(settings: Settings) -> Session:
    """A real interview of one question, answered once, as the graph stores it."""
    content = shipped_content()
    plan = make_plan(load_loop("full"), content.guide, topics=["mentorship"], questions=1)
    session = SessionStore(settings.sessions_dir).create(title="Mentorship", mode="typed")
    deps = Deps(content.guide, content.topics, content.banks)
    async with open_saver(session.database) as saver:
        interview = await Interview.open(saver, deps, session=session.id, plan=plan)
        async for _ in interview.begin():
            pass
        for turn, text in (
            ("c1", "Yes."),
            ("c2", STORY),
            ("c3", "That is all."),
            ("c4", "I have no more to add."),
        ):
            async for _ in interview.hear(text, turn=turn):
                pass
        await interview.settle()
    return session


async def test_a_stored_interview_is_read_without_being_carried_on(
    stored: Session, settings: Settings, library: Library
) -> None:
    first, again = await stored_view(stored, library), await stored_view(stored, library)
    assert first == again
    assert STORY in first.answers[0].text


async def test_answers_without_a_grade_are_graded_and_the_grades_stored(
    stored: Session, settings: Settings, library: Library
) -> None:
    grader = EvenGrader()
    left: list[int] = []
    paths = await write_report(
        stored, settings, library=library, grader=grader, search=FakeSearch(), progress=left.append
    )
    assert left[-1] == 0
    assert read_grades(stored)
    report = Report.model_validate_json(paths.json.read_bytes())
    graded = [a for a in report.answers if a.status == "graded"]
    assert graded
    assert report.method.quotes > 0
    asked = len(grader.asked)
    await write_report(stored, settings, library=library, grader=grader, search=FakeSearch())
    assert len(grader.asked) == asked


async def test_where_the_model_fails_the_report_says_so_and_the_next_one_tries_again(
    stored: Session, settings: Settings, library: Library
) -> None:
    await write_report(stored, settings, library=library, grader=EvenGrader(reachable=False))
    report = read_report(stored)
    assert report is not None
    answered = [a for a in report.answers if a.words]
    assert {a.status for a in answered} == {"not-graded"}
    assert answered[0].reason == "language model unavailable: nobody answers"
    view = await stored_view(stored, library)
    assert waits_for_models(stored, view)
    await write_report(stored, settings, library=library, grader=EvenGrader(), search=FakeSearch())
    assert not waits_for_models(stored, view)


async def test_missed_points_are_kept_for_a_report_made_without_a_search(
    stored: Session, settings: Settings, library: Library
) -> None:
    await write_report(stored, settings, library=library, search=FakeSearch())
    with_search = read_report(stored)
    await write_report(stored, settings, library=library)
    without = read_report(stored)
    assert with_search is not None
    assert without is not None
    assert without.answers[0].points == with_search.answers[0].points is not None


async def test_the_same_data_gives_the_same_files(
    stored: Session, settings: Settings, library: Library
) -> None:
    def files() -> Mapping[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(stored.folder.glob("report.*"))}

    await write_report(stored, settings, library=library, grader=EvenGrader(), search=FakeSearch(), made=MADE)
    first = files()
    await write_report(stored, settings, library=library, made=MADE)
    assert files() == first
    assert set(first) == {"report.html", "report.json", "report.md"}


async def test_a_session_of_which_nothing_is_stored_makes_an_empty_report(
    settings: Settings, library: Library
) -> None:
    session = SessionStore(settings.sessions_dir).create(title="Nothing yet", mode="typed")
    paths = await write_report(session, settings, library=library)
    assert "No question was answered" in paths.html.read_text()


async def test_sound_goes_into_the_page_and_is_encoded_once(
    tmp_path: Path, settings: Settings, library: Library
) -> None:
    builder = practice_session(tmp_path)
    builder.record()
    paths = await write_report(builder.session, settings, library=library, view=builder.view(), made=MADE)
    assert 'src="data:audio/mpeg;base64,' in paths.html.read_text()
    track = builder.session.folder / "report.mp3"
    written = track.stat().st_mtime_ns
    first = paths.html.read_bytes()
    await write_report(builder.session, settings, library=library, view=builder.view(), made=MADE)
    assert track.stat().st_mtime_ns == written
    assert paths.html.read_bytes() == first


async def test_an_earlier_session_becomes_the_trend(
    tmp_path: Path, settings: Settings, library: Library
) -> None:
    for day in (1, 5):
        builder = practice_session(tmp_path, day=day, mode="typed")
        await write_report(builder.session, settings, library=library, view=builder.view(), made=MADE)
    report = read_report(builder.session)
    assert report is not None
    assert {p.held.day for p in report.trend} == {1}


async def test_a_damaged_earlier_report_is_left_out(
    tmp_path: Path, settings: Settings, library: Library
) -> None:
    earlier = practice_session(tmp_path, day=1, mode="typed")
    (earlier.session.folder / "report.json").write_text("{")
    builder = practice_session(tmp_path, mode="typed")
    await write_report(builder.session, settings, library=library, view=builder.view(), made=MADE)
    report = read_report(builder.session)
    assert report is not None
    assert report.trend == []


async def test_every_report_fits_the_published_schema(
    tmp_path: Path, settings: Settings, library: Library
) -> None:
    builder = practice_session(tmp_path)
    paths = await write_report(
        builder.session, settings, library=library, view=builder.view(), search=FakeSearch(), made=MADE
    )
    schema = json.loads(FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(paths.json.read_text()), schema)


def test_the_published_schema_is_that_of_the_models() -> None:
    assert FILE.read_text() == report_schema(), "run: python -m agent.report.schema"


def test_every_row_of_the_shipped_rubrics_has_a_drill(library: Library) -> None:
    rows = {f"{r.id}.{row.id}" for r in library.rubrics.values() for row in r.rows}
    assert rows == set(drills())
