"""Doubles for fast tests: real subclasses or implementations of our own protocols, driven by a script."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from knowledge.models import Passage
from rubrics.language import Message


class FakeLanguageModel:
    """Answers from a list, and says yes as `judge` decides (log-odds of each prompt's last message)."""

    name = "fake"

    def __init__(
        self, replies: Sequence[str] = (), *, judge: Callable[[Sequence[Message]], float] = lambda _: 0.0
    ) -> None:
        self.replies = list(replies)
        self.judge = judge
        self.calls: list[list[Message]] = []

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
        self.calls.append(list(messages))
        return self.replies.pop(0) if self.replies else ""

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        self.calls.append(list(messages))
        return self.judge(messages)


class FakeSearch:
    """Finds the passages it was given; covers the points it was told are covered."""

    def __init__(self, passages: Sequence[Passage] = (), covered: Mapping[str, float] | None = None) -> None:
        self.passages = list(passages)
        self.covered = dict(covered or {})

    def search(self, text: str, *, limit: int = 5, topic: str | None = None) -> list[Passage]:
        found = [p for p in self.passages if topic in (None, p.topic)]
        return found[:limit]

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        return {point: self.covered.get(point, 0.0) for point in points}
