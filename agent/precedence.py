"""Lets what a candidate waits for go before what can wait, where one slow model serves both.

The server works through a long prompt to its end before it begins another, which would make the interviewer wait for
the grader for seconds. A call that can wait is therefore dropped when a more pressing one comes, and asked again after
it; the server keeps the part of the prompt that it has read, so that little work is lost.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """From the most pressing to the least."""

    TURN = 0
    """The candidate waits for it."""
    AHEAD = 1
    """Done while the candidate speaks, for the reply to come."""
    LATER = 2
    """Grading. One call at a time, so that calls on one prompt find it read already."""


CALM_S = {Rank.TURN: 0.0, Rank.AHEAD: 0.2, Rank.LATER: 2.0}
"""How long nothing more pressing must have been asked: such calls come in rows, and a voice is made after the last."""


class Precedence:
    """For the calls of one event loop."""

    def __init__(self, *, calm_s: dict[Rank, float] = CALM_S) -> None:
        self._calm_s = calm_s
        self._running: dict[asyncio.Task[Any], Rank] = {}
        self._asked_s = dict.fromkeys(Rank, -1e9)
        """When the last call of each rank ended."""
        self._ended = asyncio.Event()
        self._one_later = asyncio.Lock()

    async def run(self, rank: Rank, call: Callable[[], Awaitable[T]]) -> T:
        """The result of `call`, which is begun again whenever it had to make way."""
        if rank is Rank.LATER:
            async with self._one_later:
                return await self._run(rank, call)
        return await self._run(rank, call)

    async def _run(self, rank: Rank, call: Callable[[], Awaitable[T]]) -> T:
        while True:
            await self._until_free(rank)
            self._drop_below(rank)
            task: asyncio.Task[T] = asyncio.ensure_future(call())
            self._running[task] = rank
            try:
                await asyncio.wait([task])
                if not task.cancelled():
                    return task.result()
            finally:
                task.cancel()
                self._note_end(task)

    async def _until_free(self, rank: Rank) -> None:
        while True:
            if any(other < rank for other in self._running.values()):
                await self._ended.wait()
                continue
            last_s = max((at_s for other, at_s in self._asked_s.items() if other < rank), default=-1e9)
            left_s = last_s + self._calm_s[rank] - time.monotonic()
            if left_s <= 0:
                return
            await asyncio.sleep(left_s)

    def _drop_below(self, rank: Rank) -> None:
        for task, other in self._running.items():
            if other > rank:
                task.cancel()

    def _note_end(self, task: asyncio.Task[Any]) -> None:
        self._asked_s[self._running.pop(task)] = time.monotonic()
        self._ended.set()
        self._ended = asyncio.Event()
