"""What talking in a terminal needs besides sound: keys, Ctrl-C, and quiet logs."""

import asyncio
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from agent.settings import Settings
from agent.voice.session import Sitting


@contextmanager
def controlled_by_keys(sitting: Sitting) -> Iterator[None]:
    """Ctrl-C saves and leaves, Return ends the answer under way. A second Ctrl-C is the usual one."""
    loop = asyncio.get_running_loop()

    def leave() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        sitting.stop()

    def conclude() -> None:
        if not sys.stdin.readline():
            loop.remove_reader(sys.stdin)
        sitting.conclude()

    loop.add_signal_handler(signal.SIGINT, leave)
    if keys := sys.stdin.isatty():
        loop.add_reader(sys.stdin, conclude)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        if keys:
            loop.remove_reader(sys.stdin)


def keep_logs_quiet(settings: Settings) -> None:
    """The libraries that speak and listen warn about every hiccup: that would tear the captions apart."""
    logging.basicConfig(level=settings.log_level.upper())
    if settings.log_level != "debug":
        for name in ("livekit.agents", "livekit", "faster_whisper", "httpx"):
            logging.getLogger(name).setLevel(logging.ERROR)
