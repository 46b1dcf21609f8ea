"""Lets what a candidate waits for go before what can wait, where one slow model serves both.

The server works through a long prompt to its end before it begins another, which would make the interviewer wait for
the grader for seconds. A call that can wait is therefore dropped when an urgent one comes, and asked again after it;
the server keeps the part of the prompt that it has read, so that little work is lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Precedence:
    """For the calls of one event loop."""

    def __init__(self) -> None:
        self._urgent = 0
        self._none_urgent = asyncio.Event()
        self._none_urgent.set()
        self._turn = asyncio.Lock()
        self._under_way: asyncio.Task[Any] | None = None

    @contextmanager
    def urgent(self) -> Iterator[None]:
        """Calls that can wait do so until this is left."""
        self._urgent += 1
        self._none_urgent.clear()
        if self._under_way is not None:
            self._under_way.cancel()
        try:
            yield
        finally:
            self._urgent -= 1
            if self._urgent == 0:
                self._none_urgent.set()

    async def patient(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of a call that can wait. One at a time, so that calls on one prompt find it read already."""
        async with self._turn:
            while True:
                await self._none_urgent.wait()
                task: asyncio.Task[T] = asyncio.ensure_future(call())
                self._under_way = task
                try:
                    await asyncio.wait([task])
                    if not task.cancelled():
                        return task.result()
                finally:
                    task.cancel()
                    self._under_way = None
