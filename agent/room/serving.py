"""Runs the room's web server until it is told to stop."""

import logging
from typing import TYPE_CHECKING

import uvicorn

from agent.room.app import create_app
from agent.room.house import open_house
from agent.room.security import Doors
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.worker.reception import Reception

MOST_MESSAGE_BYTES = 128 * 1024
_LAST_WORDS_S = 25
_PING_EVERY_S, _PONG_WITHIN_S = 5.0, 10.0
"""A page whose network is gone: its interviewer should not talk on to nobody."""


def run(
    settings: Settings, doors: Doors, *, host: str, port: int, reception: "Reception | None" = None
) -> None:
    """Blocks. Ctrl-C saves what is being said, then ends."""
    logging.basicConfig(level=settings.log_level.upper())
    uvicorn.run(
        create_app(open_house(settings, doors, reception)),
        host=host,
        port=port,
        log_level=settings.log_level if settings.log_level != "info" else "warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=_PING_EVERY_S,
        ws_ping_timeout=_PONG_WITHIN_S,
        timeout_graceful_shutdown=_LAST_WORDS_S,
    )
