"""Reports in the making, and who needs the session meanwhile."""

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.room.house import House
from agent.sessions import Session


@pytest.fixture
def endless(house: House, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Reports are begun, which sets the event, have their session locked, and do not come to an end."""
    begun = asyncio.Event()

    async def studio() -> Any:
        return type("Studio", (), {"workplace": type("Workplace", (), {"settings": house.settings})})

    async def report_on(studio: object, session: Session, view: object, *, progress: Any) -> None:
        with session.locked():
            progress(3)
            begun.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(house.opening, "studio", studio)
    monkeypatch.setattr("agent.voice.holding.report_on", report_on)
    return begun


def being_made(room: TestClient, session: Session) -> str:
    """Order a report, and wait until it is in the making."""
    address = f"/api/sessions/{session.id}/report"
    room.post(address)
    while (state := room.get(address).json()["state"]) == "waiting":
        pass
    return str(state)


@pytest.mark.usefixtures("endless")
def test_a_session_is_deleted_although_its_report_is_being_made(room: TestClient, house: House) -> None:
    session = house.store.create(title="Behavioral", mode="spoken")
    assert being_made(room, session) == "grading"
    assert room.delete(f"/api/sessions/{session.id}").status_code == 204
    assert not session.folder.exists()


async def test_a_report_in_the_making_gives_way_to_whoever_carries_the_interview_on(
    house: House, endless: asyncio.Event
) -> None:
    session = house.store.create(title="Behavioral", mode="spoken")
    house.reports.order(session)
    await endless.wait()
    assert session.held
    await house.reports.give_up(session)
    assert not session.held
    assert house.reports.progress(session).state == "none"
