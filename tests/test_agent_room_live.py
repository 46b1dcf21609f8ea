"""A sitting and its page: the clock of a pause follows the page that comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from agent.code_runs import CodeRuns
from agent.room import live
from agent.room.card import Card
from agent.room.live import Live
from agent.room.messages import Hello, Over, ToPage
from agent.sessions import SessionStore
from agent.settings import Settings
from graphs.models import View

HELLO = Hello(type="hello", stream="s-1", captured=0, microphone=True)
NOWHERE = View(
    session="s",
    loop="short",
    stages=[],
    stage=None,
    question=None,
    question_text=None,
    turns=[],
    answers=[],
    paused=True,
    finished=False,
    elapsed_s=0.0,
    budget_s=0.0,
    patience_s=0.0,
)


class Page:
    def __init__(self) -> None:
        self.told: list[ToPage] = []

    def tell(self, message: ToPage) -> None:
        self.told.append(message)

    def play(self, pcm: object) -> None: ...


@pytest.fixture
async def paused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    """A paused interview whose talk lasts until it is stopped; its timers run in thousandths of a second."""

    async def hold(*_: object, sitting: Any, **__: object) -> View:
        await sitting.stopped.wait()
        return NOWHERE

    monkeypatch.setattr(live, "hold", hold)
    monkeypatch.setattr(live, "GRACE_S", 0.02)
    monkeypatch.setattr(live, "LONGEST_PAUSE_S", 0.06)
    speech = SimpleNamespace(piper=SimpleNamespace(rate_hz=22_050))
    studio: Any = SimpleNamespace(speech=speech, workplace=SimpleNamespace(runs=CodeRuns()))
    session = SessionStore(settings.sessions_dir).create(title="Paused", mode="spoken")
    card = Card(consented=datetime.now(UTC), patience="normal", plan=None)
    sitting = Live(studio, session, card, NOWHERE)
    yield sitting
    sitting.stop()
    await sitting.task


async def test_a_page_that_reloads_amid_a_pause_does_not_end_the_interview_after_it(paused: Live) -> None:
    first, second = Page(), Page()
    paused.join(first, HELLO)
    paused.leave(first)
    paused.join(second, HELLO)
    paused._narrator.standing = None  # carried on
    paused._viewed(NOWHERE.model_copy(update={"paused": False}))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(paused.task), 0.15)


async def test_a_pause_that_nobody_ends_is_saved_also_after_a_reload(paused: Live) -> None:
    first, second = Page(), Page()
    paused.join(first, HELLO)
    paused.leave(first)
    paused.join(second, HELLO)
    await asyncio.wait_for(asyncio.shield(paused.task), 5)
    assert second.told[-1] == Over(how="saved")


async def test_a_page_that_does_not_come_back_has_its_place_saved(paused: Live) -> None:
    page = Page()
    paused.join(page, HELLO)
    paused.leave(page)
    await asyncio.wait_for(asyncio.shield(paused.task), 5)
