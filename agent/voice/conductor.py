"""Runs the interview in a task of its own, so that nothing that happens to the voice ever cancels it half-way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from graphs.models import Utterance, View

Cause = Literal["begin", "hear", "amend", "silence"]


class Interview(Protocol):
    """What the voice needs of `graphs.interview.Interview`."""

    def begin(self) -> AsyncIterator[Utterance]: ...

    def hear(self, text: str, *, turn: str) -> AsyncIterator[Utterance]: ...

    def amend(self, text: str, *, turn: str) -> AsyncIterator[Utterance]: ...

    def silence(self, seconds: float) -> AsyncIterator[Utterance]: ...

    async def view(self) -> View: ...


@dataclass
class Reply:
    """What the interview says to one event: filled by the conductor, emptied by whoever gives it a voice.

    `said` counts the utterances that were heard to their end; an interrupted voice takes up from there.
    """

    cause: Cause
    turn: str | None = None
    utterances: list[Utterance] = field(default_factory=list)
    complete: bool = False
    said: int = 0
    first_words_s: float | None = None
    """When the interview came up with its first utterance."""
    content_from_s: float | None = None
    """When its voice began, a bare acknowledgement left out; None while the candidate cannot know of it."""
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, utterance: Utterance, now_s: float) -> None:
        if self.first_words_s is None:
            self.first_words_s = now_s
        self.utterances.append(utterance)
        self._wake()

    def close(self) -> None:
        self.complete = True
        self._wake()

    @property
    def delivered(self) -> bool:
        return self.complete and self.said >= len(self.utterances)

    async def unsaid(self) -> AsyncIterator[Utterance]:
        """What is still to be said, as the interview comes up with it."""
        at = self.said
        while True:
            while at < len(self.utterances):
                yield self.utterances[at]
                at += 1
            if self.complete:
                return
            await self._grown.wait()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()


class Conductor:
    """Takes events one at a time, in order, and lets each run to its end.

    `reply` belongs to the newest event. `on_words` is called at the first utterance of a reply that nobody waits for:
    the greeting, and what is said into a silence.
    """

    def __init__(
        self,
        interview: Interview,
        *,
        now_s: Callable[[], float],
        on_words: Callable[[], None],
        on_done: Callable[[Reply, View], None],
    ) -> None:
        self._interview = interview
        self._now_s = now_s
        self._on_words = on_words
        self._on_done = on_done
        self._events: asyncio.Queue[tuple[Reply, Callable[[], AsyncIterator[Utterance]]]] = asyncio.Queue()
        self._running = 0
        self.reply = Reply("begin", complete=True)
        self.finished = False

    @property
    def busy(self) -> bool:
        return self._running > 0

    def begin(self) -> Reply:
        return self._put(Reply("begin"), self._interview.begin)

    def hear(self, text: str, *, turn: str) -> Reply:
        return self._put(Reply("hear", turn), lambda: self._interview.hear(text, turn=turn))

    def amend(self, text: str, *, turn: str) -> Reply:
        return self._put(Reply("amend", turn), lambda: self._interview.amend(text, turn=turn))

    def silence(self, seconds: float) -> Reply:
        return self._put(Reply("silence"), lambda: self._interview.silence(seconds))

    def _put(self, reply: Reply, event: Callable[[], AsyncIterator[Utterance]]) -> Reply:
        self._running += 1
        self.reply = reply
        self._events.put_nowait((reply, event))
        return reply

    async def run(self) -> None:
        """Until the interview has ended. Raises whatever the interview raises."""
        while not self.finished:
            reply, event = await self._events.get()
            try:
                async for utterance in event():
                    reply.add(utterance, self._now_s())
                    if reply.cause in ("begin", "silence") and len(reply.utterances) == 1:
                        self._on_words()
                view = await self._interview.view()
                self.finished = view.finished
            finally:
                self._running -= 1
                reply.close()
            self._on_done(reply, view)
