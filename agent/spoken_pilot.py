"""A pilot's conversations through the real voice loop: what is graded is what speech recognition made of them."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.sessions import SessionStore
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.conductor import Reply
from agent.voice.headless import Headless
from agent.voice.holding import Studio, open_studio
from agent.voice.lines import Played
from agent.voice.performer import Performer
from agent.voice.session import Sitting, converse
from agent.voice.words import Heard
from agent.wiring import open_interview
from evals.pilot.calls import Call, call_of
from evals.pilot.cast import Actor, Member
from evals.pilot.running import Conduct, Pilot
from graphs.models import Utterance, View
from graphs.scripted import items_of, plan_of_script


class Times:
    """A listener that notes when each question was asked."""

    def __init__(self) -> None:
        self.begins: dict[str, float] = {}
        self.last_s = 0.0

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        self.last_s = at_s
        asks = "questions" if utterance.kind == "invitation" else utterance.question
        if utterance.kind in ("question", "invitation") and asks:
            self.begins.setdefault(asks, at_s)

    def said(self, utterance: Utterance, played: Played) -> None: ...

    def floor_opened(self, reply: Reply) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None: ...


@asynccontextmanager
async def spoken_calls(settings: Settings, pilot: Pilot) -> AsyncIterator[Conduct]:
    """Recordings are made in a temporary folder and go with it."""
    async with open_studio(settings) as studio:
        with tempfile.TemporaryDirectory(prefix="soundcheck-pilot-") as folder:
            store = SessionStore(Path(folder))

            async def conduct(member: Member) -> Call:
                return await _spoken(studio, store, pilot, member)

            yield conduct


async def _spoken(studio: Studio, store: SessionStore, pilot: Pilot, member: Member) -> Call:
    plan = plan_of_script(pilot.loaded)
    assert plan.script is not None
    session = store.create(title=member.id, mode="demo")
    actor = Actor(member, pilot.book, pilot.content, items_of(plan.script))
    sitting, devices, times = Sitting(), Headless(), Times()
    performer = Performer(actor, CandidateVoice(studio.speech.piper), devices, on_failure=sitting.fail)
    async with open_interview(studio.workplace, session, plan) as (interview, _):
        try:
            await converse(
                interview,
                devices,
                session.folder,
                models=studio.speech,
                sitting=sitting,
                listeners=[performer, times],
                patience=studio.workplace.settings.patience,
            )
        finally:
            await performer.aclose()
        view = await interview.view()
    return call_of(member, view, times.begins, times.last_s / 60)
