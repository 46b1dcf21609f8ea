"""A reply that is about to be stale is not worth waiting for: its model calls are given up when new words arrive."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import TypeVar

from rubrics.errors import LanguageModelUnavailable
from rubrics.language import LanguageModel, Wrapped

T = TypeVar("T")


class Hurry:
    """`with hurry:` gives up the calls of `model` that are under way, and any that begin meanwhile."""

    def __init__(self, language: LanguageModel | None) -> None:
        self._now = asyncio.Event()
        self.model = _Interruptible(language, self._now) if language is not None else None

    def __enter__(self) -> None:
        self._now.set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._now.clear()


class _Interruptible(Wrapped):
    """A language model whose calls fail at once when `now` is set."""

    def __init__(self, language: LanguageModel, now: asyncio.Event) -> None:
        super().__init__(language)
        self._now = now

    async def _made(self, call: Awaitable[T]) -> T:
        work = asyncio.ensure_future(call)
        stale = asyncio.ensure_future(self._now.wait())
        try:
            await asyncio.wait([work, stale], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise LanguageModelUnavailable("the candidate went on speaking")
        finally:
            work.cancel()
            stale.cancel()
