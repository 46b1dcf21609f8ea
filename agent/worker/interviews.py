"""One job of a worker: an interview in one room, in as many sittings as the candidate's connection makes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from agent.report.write import load_library, stored_view
from agent.room.actions import act
from agent.room.live import LONGEST_PAUSE_S
from agent.room.messages import FromPage, Hello, Over, RunTests, Welcome, Write
from agent.room.narrator import Narrator
from agent.room.pads import PadDesk
from agent.voice.holding import Studio, hold
from agent.voice.lines import Ears, Mouth, Witness
from agent.voice.session import Sitting
from agent.voice.timeline import Timeline
from agent.worker.captions import RoomCaptions
from agent.worker.channel import RoomChannel
from agent.worker.lines import VOICE_RATE_HZ, RoomEars, RoomMouth, Voice
from agent.worker.orders import Ordered
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence
from graphs.models import View

AWAY_S = 10.0
"""A candidate who is away for longer finds the interview saved, and carried on from there."""


class RoomInterview:
    """Holds an interview with the candidate who is present in a room.

    While the candidate is away the interviewer is silent; after `AWAY_S` the sitting is saved, and after `grace_s`
    more the interviewer leaves. `leave` saves at once. None of it ends the interview: it can be carried on.
    """

    def __init__(
        self,
        studio: Studio,
        ordered: Ordered,
        presence: Presence,
        voice: Voice,
        outbox: Outbox,
        *,
        on_finished: Callable[[View], None],
    ) -> None:
        self._studio = studio
        self._ordered = ordered
        self._presence = presence
        self._voice = voice
        self._on_finished = on_finished
        self._captions = RoomCaptions(outbox, presence)
        self._channel = RoomChannel(outbox, presence, take=self._take, mute=self._mute)
        stages = ordered.plan.stages if ordered.plan is not None else []
        self._narrator = Narrator(
            self._channel.tell, {stage.id: stage for stage in stages}, viewed=self._viewed
        )
        self._pads = PadDesk(self._channel.tell, studio.workplace.runs)
        self._sitting: Sitting | None = None
        self._ears: Ears | None = None
        self._muted = False
        self._pause: asyncio.TimerHandle | None = None

    async def run(self, *, grace_s: float) -> None:
        """Until the interview is complete, or the interviewer leaves."""
        finished = False
        try:
            while not finished and await self._presence.arrives(within_s=grace_s):
                view = await self._sit()
                finished = view.finished
                if finished:
                    self._on_finished(view)
                elif view.stopped:
                    break
            self._channel.tell(Over(how="finished" if finished else "saved"))
        finally:
            self._stop_timer()
            await self._channel.aclose()

    def leave(self) -> None:
        """Save and leave. Also ends the wait for a candidate."""
        if self._sitting is not None:
            self._narrator.show("saving")
        self._presence.leave()

    def _take(self, message: FromPage) -> None:
        if isinstance(message, Hello):
            self._channel.tell(
                Welcome(
                    voice_rate_hz=VOICE_RATE_HZ,
                    next_frame=message.captured,
                    doing=self._narrator.doing,
                    standing=self._narrator.standing,
                    transcript=self._narrator.transcript,
                )
            )
            self._pads.greet()
        elif isinstance(message, Write | RunTests):
            self._pads.take(message)
        elif self._sitting is not None:
            act(self._sitting, message, end=self.leave)

    def _mute(self, muted: bool) -> None:
        self._muted = muted
        if self._ears is not None:
            self._ears.muted = muted

    async def _sit(self) -> View:
        session, settings = self._ordered.session, self._studio.workplace.settings
        library = await asyncio.to_thread(load_library, settings)
        stored = await stored_view(session, library)
        self._narrator.open_with(stored)
        if stored.finished:
            return stored
        async with self._sitting_while_here() as sitting:
            return await hold(
                self._studio,
                session,
                self._open_lines,
                plan=self._ordered.plan,
                sitting=sitting,
                listeners=[self._narrator, self._captions],
                patience=self._ordered.patience,
                pads=("code", "sketch"),
                beside=self._pads.attend,
            )

    @asynccontextmanager
    async def _sitting_while_here(self) -> AsyncIterator[Sitting]:
        self._sitting = sitting = Sitting(followed=self._followed)
        watching = asyncio.create_task(self._stop_when_left(sitting))
        try:
            yield sitting
        finally:
            self._stop_timer()
            self._sitting = self._ears = None
            self._presence.on_change = lambda: None
            watching.cancel()
            await asyncio.wait([watching])

    async def _stop_when_left(self, sitting: Sitting) -> None:
        await self._presence.leaves(for_s=AWAY_S)
        sitting.stop()

    def _open_lines(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        ears, mouth = RoomEars(timeline, witness), RoomMouth(timeline, witness, self._voice)
        ears.muted = self._muted
        self._ears = ears

        def follow() -> None:
            here = self._presence.here
            mouth.held = not here
            ears.listen_to(self._presence.track)
            if self._sitting is not None:
                self._sitting.candidate_away(not here)

        self._presence.on_change = follow
        follow()
        return ears, mouth

    def _followed(self, text: str) -> None:
        self._narrator.followed(text)
        self._captions.followed(text)

    def _viewed(self, view: View) -> None:
        """A pause does not keep an interviewer from others for ever."""
        self._stop_timer()
        self._pads.viewed(view)
        if view.paused:
            self._pause = asyncio.get_running_loop().call_later(LONGEST_PAUSE_S, self.leave)

    def _stop_timer(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
