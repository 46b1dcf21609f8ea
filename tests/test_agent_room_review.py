"""A session afterwards: its report stands apart, and what can be done with it."""

import io
import zipfile

import pytest
from starlette.testclient import TestClient

from agent.report.models import Report
from agent.report.render_html import render_html
from agent.room.card import read_card
from agent.room.house import House
from agent.sessions import Session
from tests.report_sessions import practice_session, report_of

ATTACK = '</textarea><script>window.hit=1</script><img src=x onerror="window.hit=2">'


@pytest.fixture
def reported(house: House) -> tuple[Session, Report]:
    builder = practice_session(house.settings.sessions_dir)
    report = report_of(builder)
    (builder.session.folder / "report.json").write_text(report.model_dump_json(), encoding="utf-8")
    (builder.session.folder / "report.html").write_text(render_html(report), encoding="utf-8")
    return builder.session, report


def test_the_report_is_shown_apart_from_the_room(room: TestClient, reported: tuple[Session, Report]) -> None:
    session, _ = reported
    page = room.get(f"/sessions/{session.id}")
    assert f'src="/sessions/{session.id}/report.html"' in page.text
    report = room.get(f"/sessions/{session.id}/report.html")
    assert report.status_code == 200
    policy = report.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("ending", ["sqlite", "mp3", "%2e%2e", "html%2f..", "../session.json"])
def test_nothing_but_the_report_is_handed_out(
    room: TestClient, reported: tuple[Session, Report], ending: str
) -> None:
    assert room.get(f"/sessions/{reported[0].id}/report.{ending}").status_code == 404


def test_notes_are_kept_with_the_session_and_shown_as_text(
    room: TestClient, reported: tuple[Session, Report]
) -> None:
    session, _ = reported
    address = f"/api/sessions/{session.id}/notes"
    assert room.put(address, json={"text": ATTACK}).status_code == 204
    assert (session.folder / "notes.txt").read_text(encoding="utf-8") == ATTACK
    text = room.get(f"/sessions/{session.id}").text
    assert "<script>window.hit" not in text
    assert "&lt;script&gt;window.hit=1" in text
    assert room.put(address, json={"text": "x" * 100_001}).status_code == 422


def test_a_question_can_be_answered_again_and_only_that_one(
    room: TestClient, house: House, reported: tuple[Session, Report]
) -> None:
    session, report = reported
    answer = report.answers[0]
    given = room.post(f"/api/sessions/{session.id}/answers/{answer.id}/retry")
    assert given.status_code == 201
    again = next(s for s in house.store.list() if s.id == given.json()["session"])
    card = read_card(again)
    assert card is not None
    assert card.plan is not None
    assert card.retries == f"{session.id}/{answer.id}"
    assert [(stage.id, stage.only) for stage in card.plan.stages] == [(answer.stage, [answer.question])]
    assert room.post(f"/api/sessions/{session.id}/answers/a99/retry").status_code == 404


def test_attempts_stand_beside_each_other(
    room: TestClient, house: House, reported: tuple[Session, Report]
) -> None:
    session, report = reported
    answer = report.answers[0]
    again = room.post(f"/api/sessions/{session.id}/answers/{answer.id}/retry").json()["session"]
    for shown in (session.id, again):
        text = room.get(f"/sessions/{shown}").text
        assert text.index("First attempt") < text.index("Attempt 2")
        assert "No report yet." in text


def test_everything_can_be_exported(room: TestClient, reported: tuple[Session, Report]) -> None:
    session, _ = reported
    answer = room.get(f"/sessions/{session.id}/export")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert f"{session.id}/session.json" in names
    assert f"{session.id}/report.html" in names


def test_a_session_that_is_open_elsewhere_is_not_deleted(
    room: TestClient, reported: tuple[Session, Report]
) -> None:
    session, _ = reported
    with session.locked():
        answer = room.delete(f"/api/sessions/{session.id}")
    assert answer.status_code == 409
    assert "open in another window" in answer.json()["error"]
    assert session.folder.exists()


def test_a_damaged_report_does_not_keep_the_page_from_opening(
    room: TestClient, reported: tuple[Session, Report]
) -> None:
    session, _ = reported
    (session.folder / "report.json").write_text('{"header": 3}', encoding="utf-8")
    assert room.get(f"/sessions/{session.id}").status_code == 200


def test_the_room_of_a_finished_interview_leads_to_its_report(
    room: TestClient, house: House, reported: tuple[Session, Report]
) -> None:
    session, report = reported
    assert report.header.finished
    room.post(f"/api/sessions/{session.id}/consent", json={"consent": True})
    assert room.get(f"/room/{session.id}").headers["location"] == f"/sessions/{session.id}"
