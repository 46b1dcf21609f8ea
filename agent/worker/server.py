"""The worker: registered with a LiveKit server, it is called into rooms and has interviews held there.

livekit-agents gives each job a thread of its own, with a loop of its own. Nothing but the job's life and death is done
there: all interviews are held on the worker's one loop, where they share one set of models and one place in the
language model's queue, as the sessions of the local room do.
"""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Protocol

from livekit.agents import AgentServer, JobContext, JobExecutorType, JobRequest

from agent.errors import LiveKitError
from agent.settings import Settings
from agent.worker.access import Access
from agent.worker.orders import read_order

log = logging.getLogger(__name__)

_FULL = 0.99
"""Of a worker's load, which is the share of its interviews that are under way."""
_NO_END_S = 0
_PREPARES_WITHIN_S = 120.0
"""A job's thread does next to nothing at its start, but on a busy machine even that takes its time."""


class Attendant(Protocol):
    """Who goes into the rooms."""

    async def attend(self, job: JobContext) -> None:
        """Hold the interview that the job's metadata order. Called in the worker's loop."""

    def leave(self) -> None:
        """Save whatever is being said, and leave all rooms."""

    async def finish(self) -> None:
        """Do what is left to do when all rooms are left."""


class Worker:
    """Takes up to `settings.livekit_interviews` jobs at the same time."""

    def __init__(self, settings: Settings, access: Access, attendant: Attendant) -> None:
        self._settings = settings
        self._access = access
        self._attendant = attendant
        self._loop = asyncio.get_running_loop()
        self.server = AgentServer(
            job_executor_type=JobExecutorType.THREAD,
            num_idle_processes=settings.livekit_interviews,
            load_fnc=self._load,
            load_threshold=_FULL,
            drain_timeout=_NO_END_S,
            initialize_process_timeout=_PREPARES_WITHIN_S,
            ws_url=access.url,
            api_key=access.key,
            api_secret=access.secret,
            host=settings.worker_host,
            port=settings.worker_port,
        )
        self.server.rtc_session(self._entrypoint, agent_name=settings.livekit_agent, on_request=self._accept)

    async def run(self) -> None:
        """Until a signal ends it: the first lets running interviews finish, the second saves them.

        Raises LiveKitError where the server is lost and does not come back.
        """
        with self._heeding_signals():
            try:
                await self.server.run()
            except RuntimeError as error:
                raise LiveKitError(f"{self._access.url}: {error}") from error
            except OSError as error:
                raise LiveKitError(
                    f"{self._settings.worker_host}:{self._settings.worker_port}: {error.strerror}: "
                    "set SOUNDCHECK_WORKER_PORT to a free port, or to 0"
                ) from error

    async def close(self) -> None:
        """Take no more jobs, let running interviews finish, and end."""
        await self.server.drain()
        await self._attendant.finish()
        await self.server.aclose()

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        closing: list[asyncio.Task[None]] = []

        def heed() -> None:
            if closing:
                log.warning("saving what is being said")
                self._attendant.leave()
                return
            log.warning("taking no more interviews, finishing %d", len(self.server.active_jobs))
            closing.append(asyncio.create_task(self.close()))

        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            self._loop.add_signal_handler(number, heed)
        try:
            yield
        finally:
            for number in signals:
                self._loop.remove_signal_handler(number)

    def _load(self, server: AgentServer) -> float:
        return len(server.active_jobs) / self._settings.livekit_interviews

    async def _accept(self, request: JobRequest) -> None:
        """What is ordered wrongly is refused, and offered to no other worker."""
        try:
            read_order(request.job.metadata)
        except LiveKitError as error:
            log.error("room %s: %s", request.room.name, error)
            await request.reject(terminate=True)
            return
        await request.accept(name="Interviewer")

    async def _entrypoint(self, job: JobContext) -> None:
        """In the job's own thread and loop."""
        attending = Context().run(asyncio.run_coroutine_threadsafe, self._attendant.attend(job), self._loop)
        try:
            await asyncio.wrap_future(attending)
        finally:
            job.shutdown()
