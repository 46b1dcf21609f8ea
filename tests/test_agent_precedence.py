"""What a candidate waits for goes before what can wait."""

import asyncio

import pytest

from agent.precedence import Precedence


class Job:
    """A call that ends when told to, and remembers how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.started = asyncio.Event()
        self.finish = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        self.started.set()
        await self.finish.wait()
        return "done"


async def test_a_call_that_can_wait_is_dropped_for_an_urgent_one_and_asked_again_after_it() -> None:
    precedence, job = Precedence(), Job()
    waiting = asyncio.create_task(precedence.patient(job))
    await job.started.wait()
    job.started.clear()
    job.finish.set()
    with precedence.urgent():
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting == "done"
    assert job.begun == 2


async def test_calls_that_can_wait_go_one_at_a_time() -> None:
    precedence, first, second = Precedence(), Job(), Job()
    calls = [asyncio.create_task(precedence.patient(job)) for job in (first, second)]
    await first.started.wait()
    assert second.begun == 0
    first.finish.set()
    second.finish.set()
    assert await asyncio.gather(*calls) == ["done", "done"]


async def test_a_call_that_nobody_waits_for_any_more_is_dropped_for_good() -> None:
    precedence, job = Precedence(), Job()
    waiting = asyncio.create_task(precedence.patient(job))
    await job.started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert job.begun == 1
    job.finish.set()
    assert await precedence.patient(job) == "done"


async def test_an_error_of_a_call_that_can_wait_reaches_its_caller() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Precedence().patient(fail)
