"""Goes into the rooms to which a worker is called."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit import rtc
from livekit.agents import JobContext

from agent.errors import LiveKitError, SessionOpenError
from agent.room.faults import OURS
from agent.room.messages import Over
from agent.sessions import Session
from agent.settings import Settings
from agent.voice.holding import Studio, report_on
from agent.worker.access import Access
from agent.worker.channel import TOPIC
from agent.worker.interviews import RoomInterview
from agent.worker.lines import Voice
from agent.worker.orders import Order, ordered, read_order
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence
from graphs.models import View

log = logging.getLogger(__name__)


class RoomAttendant:
    """Holds interviews with what one studio has; see `Attendant`. A report outlives its room.

    What fails is told to the page. An interviewer who was called twice goes again without a word.
    """

    def __init__(self, settings: Settings, access: Access, studio: Studio) -> None:
        self._settings = settings
        self._access = access
        self._studio = studio
        self._held: set[RoomInterview] = set()
        self._reporting: set[asyncio.Task[None]] = set()

    async def attend(self, job: JobContext) -> None:
        room = job.job.room.name
        try:
            order = read_order(job.job.metadata)
            token = self._access.agent_token(room, job.token_claims().identity)
            async with _entered(self._access.url, token, order.candidate) as (presence, voice, outbox):
                try:
                    await self._interview(order, presence, voice, outbox)
                except SessionOpenError:
                    raise
                except OURS as error:
                    outbox.text(TOPIC, Over(how="failed", why=str(error)).model_dump_json(), {})
                    raise
        except OURS as error:
            log.error("room %s: %s", room, error)

    def leave(self) -> None:
        for interview in self._held:
            interview.leave()

    async def finish(self) -> None:
        if self._reporting:
            await asyncio.wait(self._reporting)

    async def _interview(self, order: Order, presence: Presence, voice: Voice, outbox: Outbox) -> None:
        found = ordered(self._settings, self._studio.workplace.content.guide, order)
        interview = RoomInterview(
            self._studio,
            found,
            presence,
            voice,
            outbox,
            on_finished=lambda view: self._start_report(found.session, view),
        )
        self._held.add(interview)
        try:
            await interview.run(grace_s=self._settings.livekit_grace_s)
        finally:
            self._held.discard(interview)

    def _start_report(self, session: Session, view: View) -> None:
        if view.script is not None:  # a candidate of a screening script gets none
            return
        reporting = asyncio.create_task(self._report(session, view), name=f"report {session.id}")
        self._reporting.add(reporting)
        reporting.add_done_callback(self._reporting.discard)

    async def _report(self, session: Session, view: View) -> None:
        try:
            await report_on(self._studio, session, view)
        except OURS as error:
            log.error("session %s: no report: %s", session.id, error)


@asynccontextmanager
async def _entered(
    url: str, token: str, candidate: str | None
) -> AsyncIterator[tuple[Presence, Voice, Outbox]]:
    """Inside a room, with a voice in it. Raises LiveKitError where it cannot be entered."""
    room = rtc.Room()
    presence = Presence(room, candidate)
    try:
        await room.connect(url, token)
    except rtc.ConnectError as error:
        raise LiveKitError(f"{url} does not let the interviewer in: {error.message}") from error
    voice, outbox = Voice(), Outbox(room)
    try:
        presence.look_around()
        await voice.publish(room)
        yield presence, voice, outbox
    finally:
        await outbox.aclose()
        await room.disconnect()
        await voice.aclose()
