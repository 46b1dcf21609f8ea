"""Lets candidates into rooms and calls interviewers there. Runs where the key is: never in a page."""

from datetime import timedelta

from livekit import api

from agent.settings import Settings
from agent.worker.access import Access
from agent.worker.orders import Order

CANDIDATE = "candidate"
_TTL = timedelta(minutes=10)
"""To come in. Who is inside stays, and the server renews what is needed to come back after a broken connection."""
_MOST_IN_A_ROOM = 4
"""The candidate and an interviewer, each beside one that is gone without the server knowing yet."""


class Reception:
    """One room a session. With a candidate's token one can hear the interviewer there, speak and write: no more."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self.url = settings.livekit_public_url or access.url
        """Where a page finds the server."""
        self._agent = settings.livekit_agent
        self._stays_s = round(settings.livekit_grace_s)
        self._access = access

    @staticmethod
    def room_of(session: str) -> str:
        return f"soundcheck-{session}"

    def candidate_token(self, session: str) -> str:
        """Opens the session's room, and calls an interviewer there where it is not open yet."""
        grants = api.VideoGrants(
            room_join=True,
            room=self.room_of(session),
            can_publish=True,
            can_publish_sources=["microphone"],
            can_publish_data=True,
            can_subscribe=True,
        )
        config = api.RoomConfiguration(
            departure_timeout=self._stays_s,
            max_participants=_MOST_IN_A_ROOM,
            agents=[api.RoomAgentDispatch(agent_name=self._agent, metadata=_order(session))],
        )
        token = self._access.token().with_identity(CANDIDATE).with_name("Candidate").with_ttl(_TTL)
        return token.with_grants(grants).with_room_config(config).to_jwt()

    async def call(self, session: str) -> None:
        """Have an interviewer come to the session's room, and put out whoever is left of one that is gone.

        Raises LiveKitError.
        """
        room = self.room_of(session)
        request = api.CreateAgentDispatchRequest(agent_name=self._agent, room=room, metadata=_order(session))
        async with self._access.server() as server:
            for agent in await _agents_in(server, room):
                await server.room.remove_participant(api.RoomParticipantIdentity(room=room, identity=agent))
            await server.agent_dispatch.create_dispatch(request)


def _order(session: str) -> str:
    return Order(session=session, candidate=CANDIDATE).model_dump_json(exclude_none=True)


async def _agents_in(server: api.LiveKitAPI, room: str) -> list[str]:
    there = await server.room.list_participants(api.ListParticipantsRequest(room=room))
    return [p.identity for p in there.participants if p.kind == api.ParticipantInfo.Kind.AGENT]
