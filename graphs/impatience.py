"""A reply that is about to be stale is not worth waiting for: its model calls are given up when new words arrive."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar

from rubrics.errors import LanguageModelUnavailable
from rubrics.language import LanguageModel, Message

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


class _Interruptible:
    """A language model whose calls fail at once when `now` is set."""

    def __init__(self, language: LanguageModel, now: asyncio.Event) -> None:
        self._language = language
        self._now = now

    @property
    def name(self) -> str:
        return self._language.name

    @property
    def ahead(self) -> LanguageModel | None:
        return self._language.ahead

    async def read(self, messages: Sequence[Message]) -> None:
        await self._unless_stale(self._language.read(messages))

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        seed: int = 0,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> str:
        return await self._unless_stale(
            self._language.complete(
                messages, max_tokens=max_tokens, temperature=temperature, seed=seed, stop=stop, schema=schema
            )
        )

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        return await self._unless_stale(self._language.yes_log_odds(messages))

    async def _unless_stale(self, call: Awaitable[T]) -> T:
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
