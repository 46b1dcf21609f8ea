"""What a candidate's token opens, and what it does not, at a real LiveKit server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from livekit import api, rtc
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from agent.settings import Settings
from agent.worker import reception
from agent.worker.access import Access, access_of
from agent.worker.orders import Order, read_order
from agent.worker.reception import CANDIDATE, Reception
from tests.livekit_server import KEY, SECRET, LiveKitServer, running_server, worker_settings

pytestmark = pytest.mark.livekit
MINE, OTHER = "20261126-101500-0a1b", "20261126-101500-ffff"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKitServer]:
    with running_server(tmp_path_factory.mktemp("livekit")) as server:
        yield server


@pytest.fixture
def desk(server: LiveKitServer, settings: Settings) -> Reception:
    settings = worker_settings(server, settings.data_dir)
    return Reception(settings, access_of(settings))


@asynccontextmanager
async def inside(server: LiveKitServer, token: str) -> AsyncIterator[rtc.Room]:
    room = rtc.Room()
    await room.connect(server.url, token)
    try:
        yield room
    finally:
        await room.disconnect()


async def test_a_candidate_comes_into_the_room_of_their_session_alone(
    server: LiveKitServer, desk: Reception
) -> None:
    async with inside(server, desk.candidate_token(MINE)) as room:
        assert room.name == Reception.room_of(MINE)
        assert room.local_participant.identity == CANDIDATE
    claims = api.TokenVerifier(KEY, SECRET).verify(desk.candidate_token(MINE))
    assert claims.video is not None
    assert not any((claims.video.room_admin, claims.video.room_create, claims.video.room_list))
    assert not any((claims.video.agent, claims.video.can_update_own_metadata, claims.video.room_record))


async def test_a_candidate_may_speak_and_write_but_show_no_picture(
    server: LiveKitServer, desk: Reception
) -> None:
    async with inside(server, desk.candidate_token(MINE)) as room:
        sound, picture = rtc.AudioSource(16_000, 1), rtc.VideoSource(64, 64)
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
        camera = rtc.LocalVideoTrack.create_video_track("camera", picture)
        me = room.local_participant
        await me.publish_track(microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
        await me.send_text("hello", topic="lk.chat")
        for source in (rtc.TrackSource.SOURCE_CAMERA, rtc.TrackSource.SOURCE_SCREENSHARE):
            with pytest.raises((rtc.participant.PublishTrackError, TimeoutError)):
                await asyncio.wait_for(me.publish_track(camera, rtc.TrackPublishOptions(source=source)), 3)
        await sound.aclose()


async def test_a_candidates_token_commands_nothing(server: LiveKitServer, desk: Reception) -> None:
    address = server.url.replace("ws://", "http://")
    mine, other = (Reception.room_of(session) for session in (MINE, OTHER))
    calls = {
        "RoomService/ListRooms": {},
        "RoomService/ListParticipants": {"room": mine},
        "RoomService/DeleteRoom": {"room": mine},
        "RoomService/CreateRoom": {"name": other},
        "AgentDispatchService/CreateDispatch": {"room": mine, "agentName": "soundcheck"},
    }
    head = {"Authorization": f"Bearer {desk.candidate_token(MINE)}"}
    async with inside(server, desk.candidate_token(MINE)), httpx.AsyncClient(headers=head) as client:
        for call, body in calls.items():
            reply = await client.post(f"{address}/twirp/livekit.{call}", json=body)
            assert reply.status_code in (401, 403), call
        with pytest.raises(InvalidStatus, match=r"HTTP 40[13]"):
            await connect(f"{server.url}/agent", additional_headers=head)


async def test_a_token_opens_nothing_when_its_minutes_are_over(
    server: LiveKitServer, desk: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "_TTL", timedelta(minutes=-5))
    with pytest.raises(rtc.ConnectError):
        async with inside(server, desk.candidate_token(MINE)):
            pass


async def test_a_token_of_another_key_opens_nothing(server: LiveKitServer, settings: Settings) -> None:
    forged = Reception(settings, Access(server.url, KEY, "another-secret-of-at-least-32-chars"))
    with pytest.raises(rtc.ConnectError):
        async with inside(server, forged.candidate_token(MINE)):
            pass


async def test_an_interviewer_who_hangs_is_put_out_when_another_is_called(
    server: LiveKitServer, desk: Reception
) -> None:
    async with inside(server, desk.candidate_token(MINE)) as room:
        token = Access(server.url, KEY, SECRET).agent_token(room.name, "agent-hanging")
        async with inside(server, token) as hanging:
            out = asyncio.Event()
            hanging.on("disconnected", lambda *_: out.set())
            await desk.call(MINE)
            await asyncio.wait_for(out.wait(), 10)
        async with api.LiveKitAPI(server.url, KEY, SECRET) as livekit:
            (_, called) = await livekit.agent_dispatch.list_dispatch(room.name)
        assert read_order(called.metadata) == Order(session=MINE, candidate=CANDIDATE)
