"""A language model that is not asked the same check about the same text twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from rubrics.language import LanguageModel, Message


class RememberingModel:
    """Implements `rubrics.language.LanguageModel`. Only log-odds are remembered, which are the same each time as
    far as the model repeats itself; whether it does has to be measured without this."""

    def __init__(self, language: LanguageModel) -> None:
        self._language = language
        self._said: dict[tuple[tuple[str, str], ...], float] = {}

    @property
    def name(self) -> str:
        return self._language.name

    @property
    def ahead(self) -> LanguageModel | None:
        return self._language.ahead

    async def read(self, messages: Sequence[Message]) -> None:
        await self._language.read(messages)

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
        return await self._language.complete(
            messages, max_tokens=max_tokens, temperature=temperature, seed=seed, stop=stop, schema=schema
        )

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        asked = tuple((message["role"], message["content"]) for message in messages)
        if asked not in self._said:
            self._said[asked] = await self._language.yes_log_odds(messages)
        return self._said[asked]
