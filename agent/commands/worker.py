"""`soundcheck worker`: holds interviews in the rooms of a LiveKit server."""

import asyncio
from typing import TYPE_CHECKING

from rich.console import Console

from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from agent.worker.access import Access


def worker() -> None:
    """Wait to be called into rooms of the LiveKit server that the settings name, and hold interviews there.

    Ctrl-C or SIGTERM takes no more calls and lets running interviews finish; a second one saves them and leaves.
    """
    from agent.worker.access import access_of

    settings = load_settings()
    asyncio.run(_work(settings, access_of(settings)))


async def _work(settings: Settings, access: "Access") -> None:
    from agent.voice.holding import open_studio
    from agent.voice.terminal import keep_logs_quiet
    from agent.worker.access import check
    from agent.worker.attending import RoomAttendant
    from agent.worker.server import Worker

    keep_logs_quiet(settings)
    console = Console(stderr=True)
    await check(access)
    with console.status("loading the models") as status:
        async with open_studio(settings) as studio:
            status.stop()
            worker = Worker(settings, access, RoomAttendant(settings, access, studio))
            worker.server.on(
                "worker_registered",
                lambda *_: console.print(
                    f"at {access.url} as '{settings.livekit_agent}', for {settings.livekit_interviews} interviews at "
                    f"once; health at http://{settings.worker_host}:{worker.server.worker_info.http_port}/",
                    highlight=False,
                    soft_wrap=True,
                ),
            )
            await worker.run()
