"""Before the first word: nothing is made without consent, and only what the room offers can be chosen."""

import pytest
from starlette.testclient import TestClient

from agent.room.card import read_card
from agent.room.house import House
from agent.settings import Settings
from knowledge.loader import Content
from tests.room import make_house, visiting

WISH = {"loop": "practice", "topics": ["mentorship"], "questions": 1, "minutes": 5, "patience": "patient"}


def test_the_page_says_that_it_is_an_ai_and_that_it_records_before_anything_is_stored(
    room: TestClient, house: House
) -> None:
    text = room.get("/prepare?loop=practice&topics=mentorship&questions=1&minutes=5").text
    assert "All of them are an AI" in text
    assert str(house.settings.sessions_dir) in text
    assert house.store.list() == []


@pytest.mark.parametrize("consent", [False, None, "yes"])
def test_without_consent_nothing_is_kept(room: TestClient, house: House, consent: object) -> None:
    assert room.post("/api/sessions", json={**WISH, "consent": consent}).status_code == 422
    assert room.post("/api/sessions", json=WISH).status_code == 422
    assert house.store.list() == []


def test_consent_makes_a_session_with_its_plan(room: TestClient, house: House) -> None:
    answer = room.post("/api/sessions", json={**WISH, "consent": True})
    assert answer.status_code == 201
    (session,) = house.store.list()
    assert answer.json()["room"] == f"/room/{session.id}"
    card = read_card(session)
    assert card is not None
    assert card.plan is not None
    assert (card.patience, card.plan.budget_s) == ("patient", 300.0)
    assert [stage.topics for stage in card.plan.stages] == [["mentorship"]]


@pytest.mark.parametrize(
    "wish",
    [
        {"loop": "/etc/hosts.yaml"},
        {"loop": "../../secret.yaml"},
        {"stages": ["no-such-stage"]},
        {"topics": ["<script>alert(1)</script>"]},
        {"questions": 0},
        {"minutes": 1e9},
        {"patience": "endless"},
        {"more": "fields"},
    ],
)
def test_what_is_not_offered_is_refused_and_nothing_is_made(
    room: TestClient, house: House, wish: dict[str, object]
) -> None:
    answer = room.post("/api/sessions", json={**WISH, **wish, "consent": True})
    assert answer.status_code in (409, 422)
    assert answer.json()["error"]
    assert house.store.list() == []


def test_a_wrong_address_is_explained_as_text(room: TestClient) -> None:
    answer = room.get("/prepare?topics=<script>alert(1)</script>", headers={"accept": "text/html"})
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_session_of_the_terminal_asks_for_consent_before_its_room_opens(
    room: TestClient, house: House
) -> None:
    session = house.store.create(title="Behavioral, 1 question", mode="spoken")
    assert room.get(f"/room/{session.id}").headers["location"] == f"/prepare/{session.id}"
    assert "I agree" in room.get(f"/prepare/{session.id}").text
    assert room.post(f"/api/sessions/{session.id}/consent", json={}).status_code == 422
    assert room.post(f"/api/sessions/{session.id}/consent", json={"consent": True}).status_code == 200
    assert room.get(f"/room/{session.id}").status_code == 200


def test_the_page_promises_no_more_than_the_room_keeps(room: TestClient, house: House) -> None:
    address = "/prepare?loop=practice&topics=mentorship"
    assert "stored on this computer" in room.get(address).text
    assert "They are sent nowhere." in room.get(address).text
    assert "Nothing leaves this computer." in room.get("/").text
    elsewhere = {"openai_base_url": "https://models.example/v1"}
    house.settings = house.settings.model_copy(update=elsewhere)
    text = room.get(address).text
    assert "What you say is sent, in writing, to the language model at models.example." in text
    assert "sent nowhere" not in text
    assert "Nothing leaves" not in room.get("/").text
    house.settings = house.settings.model_copy(update={"openai_base_url": "http://127.0.0.1:8000/v1"})
    assert "They are sent nowhere." in room.get(address).text


def test_in_a_room_for_others_their_words_are_not_said_to_stay_with_them(
    settings: Settings, content: Content
) -> None:
    with visiting(make_house(settings, content, password="correct horse battery")) as client:
        text = client.get("/prepare?loop=practice&topics=mentorship").text
        assert "stored on the computer that holds this interview" in text
        assert "this computer" not in client.get("/").text
