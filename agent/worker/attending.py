"""Goes into the rooms to which a worker is called."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit import rtc
from livekit.agents import JobContext

from agent.errors import LiveKitError, SoundcheckError
from agent.settings import Settings
from agent.voice.holding import Studio
from agent.worker.access import Access
from agent.worker.captions import RoomCaptions
from agent.worker.interviews import RoomInterview
from agent.worker.lines import Voice
from agent.worker.orders import read_order, session_of
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence
from graphs.errors import GraphError

log = logging.getLogger(__name__)


class RoomAttendant:
    """Holds interviews with what one studio has; see `Attendant`."""

    def __init__(self, settings: Settings, access: Access, studio: Studio) -> None:
        self._settings = settings
        self._access = access
        self._studio = studio
        self._held: set[RoomInterview] = set()

    def leave(self) -> None:
        for interview in self._held:
            interview.leave()

    async def attend(self, job: JobContext) -> None:
        room = job.job.room.name
        try:
            order = read_order(job.job.metadata)
            session, plan = session_of(self._settings, self._studio.workplace.content.guide, order)
            token = self._access.agent_token(room, job.token_claims().identity)
            async with _entered(self._access.url, token, order.candidate) as (presence, voice, outbox):
                interview = RoomInterview(self._studio, session, plan, presence, voice)
                self._held.add(interview)
                try:
                    captions = RoomCaptions(outbox, presence)
                    await interview.run([captions], grace_s=self._settings.livekit_grace_s)
                finally:
                    self._held.discard(interview)
        except (SoundcheckError, GraphError) as error:
            log.error("room %s: %s", room, error)


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
