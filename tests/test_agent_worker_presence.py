"""Who is in the room, with a room that the test fills and empties."""

import asyncio
from types import SimpleNamespace
from typing import Any

from livekit import rtc

from agent.worker.presence import Presence

STANDARD = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD
AGENT = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
MICROPHONE = SimpleNamespace(source=rtc.TrackSource.SOURCE_MICROPHONE)
SCREEN = SimpleNamespace(source=rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO)


class FakeRoom(rtc.EventEmitter[str]):
    def __init__(self) -> None:
        super().__init__()
        self.remote_participants: dict[str, Any] = {}
        self.open = True

    def isconnected(self) -> bool:
        return self.open

    def join(self, identity: str, kind: int = STANDARD) -> Any:
        person = SimpleNamespace(identity=identity, kind=kind)
        self.remote_participants[identity] = person
        self.emit("participant_connected", person)
        return person

    def leave(self, person: Any) -> None:
        del self.remote_participants[person.identity]
        self.emit("participant_disconnected", person)

    def close(self) -> None:
        self.open = False
        self.emit("disconnected", 1)


def watched(candidate: str | None = None) -> tuple[FakeRoom, Presence]:
    room: Any = FakeRoom()
    return room, Presence(room, candidate)


async def test_the_first_person_is_the_candidate_and_stays_it() -> None:
    room, presence = watched()
    room.join("agent-1", AGENT)
    assert not presence.here
    ada = room.join("ada")
    room.join("bob")
    assert (presence.candidate, presence.here) == ("ada", True)
    room.leave(ada)
    assert (presence.candidate, presence.here) == ("ada", False)


async def test_nobody_else_is_taken_for_the_candidate_who_was_named() -> None:
    room, presence = watched("ada")
    bob = room.join("bob")
    room.emit("track_subscribed", "bob's microphone", MICROPHONE, bob)
    assert not presence.here
    assert presence.track is None
    ada = room.join("ada")
    room.emit("track_subscribed", "ada's screen", SCREEN, ada)
    assert presence.track is None
    room.emit("track_subscribed", "ada's microphone", MICROPHONE, ada)
    assert str(presence.track) == "ada's microphone"


async def test_a_candidate_who_comes_back_in_time_has_not_left() -> None:
    room, presence = watched()
    ada = room.join("ada")
    leaving = asyncio.create_task(presence.leaves(for_s=0.2))
    room.leave(ada)
    await asyncio.sleep(0)
    ada = room.join("ada")
    done, _ = await asyncio.wait([leaving], timeout=0.4)
    assert not done
    room.leave(ada)
    await asyncio.wait_for(leaving, 5)


async def test_who_waits_for_a_candidate_waits_so_long_and_no_longer() -> None:
    room, presence = watched()
    assert not await presence.arrives(within_s=0.01)
    arriving = asyncio.create_task(presence.arrives(within_s=5))
    await asyncio.sleep(0)
    room.join("ada")
    assert await arriving


async def test_being_thrown_out_ends_every_wait() -> None:
    room, presence = watched()
    arriving = asyncio.create_task(presence.arrives(within_s=60))
    await asyncio.sleep(0)
    room.close()
    assert not await arriving
    await asyncio.wait_for(presence.leaves(for_s=60), 5)
