"""What a LiveKit server must be told to let us do something: its address, and a key's name and secret."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
from livekit import api

from agent.errors import LiveKitError
from agent.settings import Settings

_TIMEOUT_S = 10.0
_UNAUTHORISED = 401
_AGENT_TTL = timedelta(minutes=10)


@dataclass(frozen=True)
class Access:
    url: str
    key: str
    secret: str = field(repr=False)

    @asynccontextmanager
    async def server(self) -> AsyncIterator[api.LiveKitAPI]:
        """The server's own interface. Raises LiveKitError where it cannot be reached or refuses the key."""
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        try:
            async with api.LiveKitAPI(self.url, self.key, self.secret, timeout=timeout) as server:
                yield server
        except api.TwirpError as error:
            if error.status == _UNAUTHORISED:
                raise LiveKitError(
                    f"{self.url} refuses the key '{self.key}': "
                    "correct SOUNDCHECK_LIVEKIT_KEY and SOUNDCHECK_LIVEKIT_SECRET"
                ) from error
            raise LiveKitError(f"{self.url} refuses: {error.message or error.code}") from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise LiveKitError(
                f"no LiveKit server answers at {self.url} ({error or type(error).__name__}): start it, or correct "
                "SOUNDCHECK_LIVEKIT_URL; for one on this machine: livekit-server --dev, ws://localhost:7880"
            ) from error

    def token(self) -> api.AccessToken:
        return api.AccessToken(self.key, self.secret)

    def agent_token(self, room: str, identity: str) -> str:
        """Lets an interviewer into that room."""
        grants = api.VideoGrants(room_join=True, room=room, agent=True, can_update_own_metadata=True)
        token = self.token().with_identity(identity).with_kind("agent").with_grants(grants)
        return token.with_ttl(_AGENT_TTL).to_jwt()


def access_of(settings: Settings) -> Access:
    """Raises LiveKitError naming what is not set."""
    given = {
        "SOUNDCHECK_LIVEKIT_URL": settings.livekit_url,
        "SOUNDCHECK_LIVEKIT_KEY": settings.livekit_key,
        "SOUNDCHECK_LIVEKIT_SECRET": settings.livekit_secret and settings.livekit_secret.get_secret_value(),
    }
    lacking = [name for name, value in given.items() if not value]
    if lacking:
        raise LiveKitError(
            f"not set: {', '.join(lacking)}; for `livekit-server --dev` on this machine they are "
            "ws://localhost:7880, devkey and secret"
        )
    url, key, secret = (value or "" for value in given.values())
    if not url.startswith(("ws://", "wss://", "http://", "https://")):
        raise LiveKitError(f"SOUNDCHECK_LIVEKIT_URL: {url} is no address like ws://localhost:7880")
    return Access(url, key, secret)


async def check(access: Access) -> None:
    """Raises LiveKitError where the server cannot be reached or refuses the key."""
    async with asyncio.timeout(_TIMEOUT_S), access.server() as server:
        await server.room.list_rooms(api.ListRoomsRequest())
