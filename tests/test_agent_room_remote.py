"""The room where interviews are held over LiveKit: who gets a token, and what the page is given."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from livekit import api
from starlette.testclient import TestClient

from agent.room.card import Card, write_card
from agent.room.client_library import library_path
from agent.room.house import House
from agent.sessions import Session
from agent.settings import Settings
from agent.worker.access import Access
from agent.worker.reception import Reception
from knowledge.loader import Content
from tests.livekit_server import KEY, SECRET
from tests.room import make_house, visiting

URL = "ws://127.0.0.1:1"


class Quiet(Reception):
    """Calls nobody; remembers who was to be called."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, Access(URL, KEY, SECRET))
        self.called: list[str] = []

    async def call(self, session: str) -> None:
        self.called.append(session)


@pytest.fixture
def reception(settings: Settings) -> Quiet:
    return Quiet(settings)


@pytest.fixture
def house(settings: Settings, content: Content, reception: Quiet, tmp_path: Path) -> House:
    house = make_house(settings.model_copy(update={"cache_dir": tmp_path / "cache"}), content)
    house.reception = reception
    return house


@pytest.fixture
def session(house: House) -> Session:
    session = house.store.create(title="Behavioral", mode="spoken")
    write_card(session, Card(consented=datetime.now(UTC), patience="normal", plan=None))
    return session


def test_the_page_gets_a_token_for_its_own_room_and_never_the_key(room: TestClient, session: Session) -> None:
    answer = room.post(f"/api/sessions/{session.id}/livekit")
    assert SECRET not in answer.text
    assert answer.json()["url"] == URL
    claims = api.TokenVerifier(KEY, SECRET).verify(answer.json()["token"])
    assert claims.video is not None
    assert claims.video.room == Reception.room_of(session.id)


def test_without_consent_there_is_no_token_and_nobody_is_called(
    room: TestClient, house: House, reception: Quiet
) -> None:
    unagreed = house.store.create(title="Behavioral", mode="spoken")
    for what in ("livekit", "interviewer"):
        assert room.post(f"/api/sessions/{unagreed.id}/{what}").status_code == 409
    assert room.post("/api/sessions/20260101-000000-0000/livekit").status_code == 404
    assert reception.called == []


def test_a_stranger_gets_no_token(house: House, session: Session) -> None:
    with visiting(house, inside=False) as stranger:
        assert stranger.post(f"/api/sessions/{session.id}/livekit").status_code == 403
    with visiting(house) as client:
        elsewhere = {"origin": "http://elsewhere.example"}
        assert client.post(f"/api/sessions/{session.id}/livekit", headers=elsewhere).status_code == 403


def test_interviewers_are_not_called_in_a_row(room: TestClient, session: Session, reception: Quiet) -> None:
    answers = [room.post(f"/api/sessions/{session.id}/interviewer").status_code for _ in range(8)]
    assert answers[:5] == [204] * 5
    assert set(answers[5:]) == {429}
    assert reception.called == [session.id] * 5


def test_the_page_speaks_over_livekit_and_loads_its_library_from_here(
    room: TestClient, house: House, session: Session
) -> None:
    assert 'data-transport="/static/livekit.js"' in room.get(f"/room/{session.id}").text
    library_path(house.settings).parent.mkdir(parents=True)
    library_path(house.settings).write_text("// the library")
    answer = room.get("/livekit-client.js")
    assert answer.text == "// the library"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_whoever_speaks_over_a_server_elsewhere_is_told_so_before_they_agree(
    room: TestClient, reception: Quiet
) -> None:
    address = "/prepare?loop=practice&topics=mentorship"
    assert "They are sent nowhere." in room.get(address).text
    reception.url = "wss://livekit.example"
    text = room.get(address).text
    assert "Your voice travels through the LiveKit server at livekit.example." in text
    assert "this computer" not in text


def test_a_room_without_livekit_has_none_of_it(settings: Settings, content: Content) -> None:
    with visiting(make_house(settings, content)) as client:
        assert client.get("/livekit-client.js").status_code == 404


def test_a_report_that_is_written_while_somebody_asks_for_it_is_not_missed(
    room: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has it until the report is there, and the question comes just before."""

    def held(session: Session) -> bool:
        (session.folder / "report.html").write_text("<h1>The report</h1>")
        return False

    address = f"/api/sessions/{session.id}/report"
    with session.locked():
        assert room.get(address).json()["state"] == "elsewhere"
    monkeypatch.setattr(Session, "held", property(held))
    assert room.get(address).json()["state"] == "ready"
