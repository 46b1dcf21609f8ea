"""While the candidate speaks, has the interview get its reply ready, and the voice the reply's first words."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from agent.voice.tts import PiperTTS

_LINES = 2
"""Of a reply, whose beginnings are made: often a word of thanks, and the question after it."""
log = logging.getLogger(__name__)


class Foresees(Protocol):
    async def foresee(self, partial: str) -> list[str]: ...


class Forethought:
    """Follows one conversation. All that comes of it is quicker replies, so that failures only cost time."""

    def __init__(self, interview: Foresees, voice: PiperTTS) -> None:
        self._interview = interview
        self._voice = voice
        self._tasks: set[asyncio.Task[None]] = set()
        self._partial: str | None = None

    def follow(self, partial: str) -> None:
        """`partial` is all that was said of the turn so far; nothing at first. A later call drops an earlier one."""
        if partial != self._partial:
            self._partial = partial
            self._begin(self._look(partial))

    def make(self, lines: Sequence[str]) -> None:
        """Have the voice make the beginnings of these."""
        self._begin(self._make(lines))

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look(self, partial: str) -> None:
        await self._make((await self._interview.foresee(partial))[:_LINES])

    async def _make(self, lines: Sequence[str]) -> None:
        for line in lines:
            await self._voice.prepare(line)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("a reply could not be prepared: %s", type(error).__name__)
