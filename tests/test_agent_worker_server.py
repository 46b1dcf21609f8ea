"""The worker's part in the life of a job, with simulated jobs and nobody who goes into a room."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from livekit.agents import JobContext

from agent.settings import Settings
from agent.worker.access import Access
from agent.worker.server import Worker
from tests.livekit_server import KEY, SECRET


class Doorman:
    """An attendant who stays in a room until told to leave."""

    def __init__(self) -> None:
        self.attended: list[str] = []
        self.threads: set[int] = set()
        self.came = asyncio.Event()
        self.told_to_leave = asyncio.Event()
        self.finished = False

    async def attend(self, job: JobContext) -> None:
        self.attended.append(job.job.room.name)
        self.threads.add(threading.get_ident())
        self.came.set()
        await self.told_to_leave.wait()

    def leave(self) -> None:
        self.told_to_leave.set()

    async def finish(self) -> None:
        self.finished = True


@asynccontextmanager
async def working(settings: Settings, doorman: Doorman) -> AsyncIterator[Worker]:
    worker = Worker(settings, Access("ws://127.0.0.1:1", KEY, SECRET), doorman)
    started = asyncio.Event()
    worker.server.on("worker_started", started.set)
    running = asyncio.create_task(worker.server.run(unregistered=True))
    await started.wait()
    try:
        yield worker
    finally:
        doorman.leave()
        await worker.close()
        await running


@pytest.fixture
def one_at_a_time(settings: Settings) -> Settings:
    return settings.model_copy(update={"worker_port": 0, "livekit_interviews": 1})


async def test_an_interview_is_held_in_the_workers_own_loop(one_at_a_time: Settings) -> None:
    doorman = Doorman()
    async with working(one_at_a_time, doorman) as worker:
        await worker.server.simulate_job("room1", fake_job=True)
        await asyncio.wait_for(doorman.came.wait(), 60)
    assert doorman.attended == ["room1"]
    assert doorman.threads == {threading.get_ident()}


async def test_a_worker_that_ends_waits_for_its_interviews(one_at_a_time: Settings) -> None:
    doorman = Doorman()
    async with working(one_at_a_time, doorman) as worker:
        await worker.server.simulate_job("room1", fake_job=True)
        await asyncio.wait_for(doorman.came.wait(), 60)
        closing = asyncio.create_task(worker.close())
        done, _ = await asyncio.wait([closing], timeout=0.5)
        assert not done
        assert not doorman.finished
        doorman.leave()
        await asyncio.wait_for(closing, 60)
        assert doorman.finished


async def test_whoever_asks_hears_that_a_worker_is_well_and_how_much_it_does(
    one_at_a_time: Settings,
) -> None:
    doorman = Doorman()
    async with working(one_at_a_time, doorman) as worker, httpx.AsyncClient() as client:
        await worker.server.simulate_job("room1", fake_job=True)
        await asyncio.wait_for(doorman.came.wait(), 60)
        health = f"http://127.0.0.1:{worker.server.worker_info.http_port}"
        assert (await client.get(f"{health}/")).status_code == 200
        doing = (await client.get(f"{health}/worker")).json()
        assert (doing["agent_name"], doing["active_jobs"]) == ("soundcheck", 1)
