"""What a candidate waits for goes before what can wait."""

import asyncio

import pytest

from agent.precedence import Precedence, Rank

CALM_S = {Rank.TURN: 0.0, Rank.AHEAD: 0.0, Rank.LATER: 0.05}


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


@pytest.mark.parametrize(("first", "then"), [(Rank.LATER, Rank.AHEAD), (Rank.AHEAD, Rank.TURN)])
async def test_a_call_that_can_wait_is_dropped_for_a_more_pressing_one_and_asked_again_after_it(
    first: Rank, then: Rank
) -> None:
    precedence, waits, presses = Precedence(calm_s=CALM_S), Job(), Job()
    waiting = asyncio.create_task(precedence.run(first, waits))
    await waits.started.wait()
    pressing = asyncio.create_task(precedence.run(then, presses))
    await presses.started.wait()
    assert not waiting.done()
    waits.finish.set()
    presses.finish.set()
    assert await pressing == "done"
    assert await waiting == "done"
    assert waits.begun == 2


async def test_a_more_pressing_call_never_waits_and_drops_nothing_of_its_own_rank() -> None:
    precedence, one, other = Precedence(calm_s=CALM_S), Job(), Job()
    calls = [asyncio.create_task(precedence.run(Rank.TURN, job)) for job in (one, other)]
    await one.started.wait()
    await other.started.wait()
    one.finish.set()
    other.finish.set()
    assert await asyncio.gather(*calls) == ["done", "done"]
    assert (one.begun, other.begun) == (1, 1)


async def test_grading_waits_for_a_calm_moment_since_pressing_calls_come_in_rows() -> None:
    precedence, first, second, grading = Precedence(calm_s=CALM_S), Job(), Job(), Job()
    for job in (first, second, grading):
        job.finish.set()
    await precedence.run(Rank.TURN, first)
    waiting = asyncio.create_task(precedence.run(Rank.LATER, grading))
    await asyncio.sleep(0)
    assert grading.begun == 0
    await precedence.run(Rank.TURN, second)
    assert await waiting == "done"
    assert grading.begun == 1


async def test_calls_that_can_wait_longest_go_one_at_a_time() -> None:
    precedence, first, second = Precedence(calm_s=CALM_S), Job(), Job()
    calls = [asyncio.create_task(precedence.run(Rank.LATER, job)) for job in (first, second)]
    await first.started.wait()
    assert second.begun == 0
    first.finish.set()
    second.finish.set()
    assert await asyncio.gather(*calls) == ["done", "done"]


async def test_a_call_that_nobody_waits_for_any_more_is_dropped_for_good() -> None:
    precedence, job = Precedence(calm_s=CALM_S), Job()
    waiting = asyncio.create_task(precedence.run(Rank.LATER, job))
    await job.started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert job.begun == 1
    job.finish.set()
    assert await precedence.run(Rank.LATER, job) == "done"


async def test_an_error_of_a_call_that_can_wait_reaches_its_caller() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Precedence(calm_s=CALM_S).run(Rank.LATER, fail)
