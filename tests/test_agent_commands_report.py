"""`soundcheck report` and `soundcheck sessions show`, as a user calls them; no model is loaded."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.commands.report import report
from agent.commands.sessions import sessions
from agent.errors import SessionError
from agent.report.models import Report
from agent.sessions import Session
from tests.report_sessions import practice_session

app = typer.Typer()
app.command()(report)
app.add_typer(sessions, name="sessions")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose interview is not stored, so that its report is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOUNDCHECK_DATA_DIR", str(tmp_path / "data"))
    return practice_session(tmp_path / "data" / "sessions", mode="demo").session


def test_a_report_is_written_and_summed_up(session: Session) -> None:
    result = CliRunner().invoke(app, ["report", "last", "--no-grading"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "No question was answered." in result.output
    assert str(session.folder / "report.html") in result.output.replace("\n", "")


def test_the_report_can_be_read_by_a_program(session: Session) -> None:
    result = CliRunner().invoke(app, ["report", session.id, "--no-grading", "--json"])
    assert Report.model_validate_json(result.stdout).header.session == session.id


def test_a_session_that_is_open_elsewhere_is_left_alone(session: Session) -> None:
    with session.locked():
        result = CliRunner().invoke(app, ["report", "last"])
    assert isinstance(result.exception, SessionError)
    assert not (session.folder / "report.html").exists()


def test_showing_a_session_writes_its_report_from_what_is_stored(session: Session) -> None:
    result = CliRunner().invoke(app, ["sessions", "show", session.id[:8], "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["header"]["title"] == session.info.title


def test_a_demonstration_cannot_be_carried_on(session: Session) -> None:
    result = CliRunner().invoke(app, ["sessions", "resume", session.id])
    assert isinstance(result.exception, SessionError)
    assert "soundcheck talk" in str(result.exception)
