"""Before the first word: nothing is made without consent, and only what the room offers can be chosen."""

import pytest
from starlette.testclient import TestClient

from agent.room.card import read_card
from agent.room.house import House

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
