"""One job of a worker: an interview in one room, in as many sittings as the candidate's connection makes of it."""

import asyncio
import logging
from collections.abc import Sequence

from agent.sessions import Session
from agent.voice.holding import Studio, hold, report_on
from agent.voice.interviewer import Listener
from agent.voice.lines import Ears, Mouth, Witness
from agent.voice.session import Sitting
from agent.voice.timeline import Timeline
from agent.worker.lines import RoomEars, RoomMouth, Voice
from agent.worker.presence import Presence
from graphs.models import View
from graphs.plan import Plan

log = logging.getLogger(__name__)

AWAY_S = 10.0
"""A candidate who is away for longer finds the interview saved, and carried on from there."""


class RoomInterview:
    """Holds the interview of `session` with the candidate who is present in a room.

    While the candidate is away the interviewer is silent; after `AWAY_S` the sitting is saved, and after `grace_s`
    more the interviewer leaves. `leave` saves at once. None of it ends the interview: it can be carried on.
    """

    def __init__(
        self, studio: Studio, session: Session, plan: Plan | None, presence: Presence, voice: Voice
    ) -> None:
        self._studio = studio
        self._session = session
        self._plan = plan
        self._presence = presence
        self._voice = voice

    async def run(self, listeners: Sequence[Listener], *, grace_s: float) -> View | None:
        """Where the interview stands when the interviewer leaves; None where no candidate came."""
        view = None
        while await self._presence.arrives(within_s=grace_s):
            view = await self._sit(listeners)
            if view.finished:
                await report_on(self._studio, self._session, view)
                break
            if view.stopped:
                break
        return view

    def leave(self) -> None:
        """Save and leave. Also ends the wait for a candidate."""
        self._presence.leave()

    async def _sit(self, listeners: Sequence[Listener]) -> View:
        sitting = Sitting()
        watching = asyncio.create_task(self._stop_when_left(sitting))
        try:
            return await hold(
                self._studio,
                self._session,
                self._open_lines,
                plan=self._plan,
                sitting=sitting,
                listeners=listeners,
            )
        finally:
            self._presence.on_change = lambda: None
            watching.cancel()
            await asyncio.wait([watching])

    async def _stop_when_left(self, sitting: Sitting) -> None:
        await self._presence.leaves(for_s=AWAY_S)
        sitting.stop()

    def _open_lines(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        ears, mouth = RoomEars(timeline, witness), RoomMouth(timeline, witness, self._voice)

        def follow() -> None:
            mouth.held = not self._presence.here
            ears.listen_to(self._presence.track)

        self._presence.on_change = follow
        follow()
        return ears, mouth
