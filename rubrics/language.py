"""The one view of a language model that grading and the interview graph share.

The real one is `agent.language.EndpointModel`; tests use `tests.fakes.FakeLanguageModel`.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypedDict, TypeVar

T = TypeVar("T")


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel(Protocol):
    @property
    def name(self) -> str:
        """Name under which figures are reported, e.g. `qwen2.5-coder-1.5b-instruct-q4_k_m`."""

    @property
    def ahead(self) -> "LanguageModel | None":
        """The same model for calls that may be in vain: they make way for those of this object.

        None where such calls are not wanted, as at an endpoint that bills them.
        """

    async def read(self, messages: Sequence[Message]) -> None:
        """Read a prompt without an answer, so that a later one that begins alike is answered sooner.

        Raises LanguageModelUnavailable.
        """

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
        """The reply's text; with `schema`, JSON that satisfies that JSON schema.

        Raises LanguageModelUnavailable.
        """

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        """ln(P(yes) / P(no)) of the reply's first token, read from log-probabilities, never from sampled text.

        Raises LanguageModelUnavailable, also where the endpoint returns no log-probabilities.
        """


class Wrapped:
    """A language model that hands every call on; a subclass changes the calls that it is about."""

    def __init__(self, language: LanguageModel) -> None:
        self._language = language

    @property
    def name(self) -> str:
        return self._language.name

    @property
    def ahead(self) -> LanguageModel | None:
        return self._language.ahead

    async def read(self, messages: Sequence[Message]) -> None:
        await self._made(self._language.read(messages))

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
        return await self._made(
            self._language.complete(
                messages, max_tokens=max_tokens, temperature=temperature, seed=seed, stop=stop, schema=schema
            )
        )

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        return await self._made(self._language.yes_log_odds(messages))

    async def _made(self, call: Awaitable[T]) -> T:
        """Every call passes through here."""
        return await call
