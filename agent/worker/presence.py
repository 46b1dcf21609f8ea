"""Whether the candidate is in the room, and where their microphone is."""

import asyncio
from collections.abc import Callable

from livekit import rtc


class Presence:
    """Follows one participant. Whoever comes first is the candidate where nobody was named.

    A candidate who reloads the page is away for a moment: `on_change` hears of it, and of each new microphone track.
    """

    def __init__(self, room: rtc.Room, candidate: str | None) -> None:
        self._room = room
        self.candidate = candidate
        self.track: rtc.Track | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._leaving = False
        self._changed = asyncio.Event()
        room.on("participant_connected", self._participant_connected)
        room.on("participant_disconnected", self._participant_disconnected)
        room.on("track_subscribed", self._track_subscribed)
        room.on("track_unsubscribed", self._track_unsubscribed)
        room.on("disconnected", self._disconnected)

    @property
    def here(self) -> bool:
        """The candidate is in the room, and so are we."""
        return self._room.isconnected() and self._participant is not None

    @property
    def over(self) -> bool:
        """We are about to leave, or were thrown out."""
        return self._leaving or not self._room.isconnected()

    def look_around(self) -> None:
        """For those who were in the room before us; their tracks come as events."""
        for participant in self._room.remote_participants.values():
            self._participant_connected(participant)

    def leave(self) -> None:
        """Wait for nobody any more."""
        self._leaving = True
        self._announce()

    async def arrives(self, *, within_s: float) -> bool:
        """Whether the candidate is there by then, and so are we to stay."""
        await self._until(lambda: self.here or self.over, within_s)
        return self.here and not self.over

    async def leaves(self, *, for_s: float) -> None:
        """Wait until the candidate has been away for so long, or it is over."""
        while not self.over:
            await self._until(lambda: not self.here or self.over, None)
            if not await self._until(lambda: self.here or self.over, for_s):
                return

    async def _until(self, holds: Callable[[], bool], within_s: float | None) -> bool:
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    @property
    def _participant(self) -> rtc.RemoteParticipant | None:
        return self._room.remote_participants.get(self.candidate) if self.candidate is not None else None

    def _participant_connected(self, participant: rtc.RemoteParticipant) -> None:
        person = participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD
        if self.candidate is None and person:
            self.candidate = participant.identity
        self._note(participant)

    def _participant_disconnected(self, participant: rtc.RemoteParticipant) -> None:
        self._note(participant)

    def _track_subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if publication.source == rtc.TrackSource.SOURCE_MICROPHONE:
            self._participant_connected(participant)
            if participant.identity == self.candidate:
                self.track = track
                self._note(participant)

    def _track_unsubscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if track is self.track:
            self.track = None
            self._note(participant)

    def _disconnected(self, *_: object) -> None:
        self._announce()

    def _note(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self.candidate:
            self._announce()

    def _announce(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        self.on_change()
