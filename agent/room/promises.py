"""What a candidate is told, before they agree, of where their words go. It follows what this room is set up to do."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.room.house import House


@dataclass(frozen=True)
class Promise:
    place: str
    """Where everything is stored."""
    sent: list[str]
    """Sentences on what leaves that place; none where nothing does."""

    @property
    def nothing_leaves(self) -> bool:
        return self.place == "this computer" and not self.sent


def promise_of(house: House) -> Promise:
    livekit = house.reception.url if house.reception is not None else None
    endpoint = house.settings.openai_base_url
    sent = []
    if livekit is not None and not _is_here(livekit):
        sent.append(f"Your voice travels through the LiveKit server at {_host(livekit)}.")
    if endpoint is not None and not _is_here(endpoint):
        sent.append(f"What you say is sent, in writing, to the language model at {_host(endpoint)}.")
    here = house.doors.password is None and (livekit is None or _is_here(livekit))
    return Promise("this computer" if here else "the computer that holds this interview", sent)


def _host(address: str) -> str:
    return urlsplit(address).hostname or address


def _is_here(address: str) -> bool:
    host = _host(address)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
