"""Tells the interview what happened and takes its replies; nothing that happens to the voice cancels it half-way."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol

from graphs.models import Utterance, View

Cause = Literal["begin", "hear", "amend", "silence", "keep"]


class Interview(Protocol):
    """What the voice needs of `graphs.interview.Interview`."""

    def begin(self) -> AsyncIterator[Utterance]: ...

    def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]: ...

    def amend(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]: ...

    async def keep(self, text: str, *, turn: str) -> None: ...

    async def foresee(self, partial: str) -> list[str]: ...

    def silence(self, seconds: float) -> AsyncIterator[Utterance]: ...

    async def view(self) -> View: ...

    @property
    def understood_after_s(self) -> float | None: ...


_HEARD_ENOUGH = 0.9
_CLAUSE = re.compile(r"(?<=[.!?,;:])\s+")


def rest_of(text: str, share: float) -> str:
    """What comes from the clause on in which a voice stopped that had said so much of the text."""
    begun = [found.end() for found in _CLAUSE.finditer(text) if found.end() <= share * len(text)]
    return text[begun[-1] :] if begun else text


@dataclass
class Reply:
    """What the interview says to one event: filled by the conductor, emptied by whoever gives it a voice.

    `said` counts the utterances that were heard to their end; an interrupted voice takes up from there.
    """

    cause: Cause
    turn: str | None = None
    heard: str = ""
    """The candidate's words."""
    bridged: bool = False
    """A few words were said to bridge the wait for it."""
    utterances: list[Utterance] = field(default_factory=list)
    complete: bool = False
    said: int = 0
    broken_off: Utterance | None = None
    """What is left to say of the first that was not heard to its end, from the beginning of its clause."""
    told_s: float | None = None
    """When the interview was told of what it replies to."""
    understood_s: float | None = None
    """When the interview knew what that means."""
    first_words_s: float | None = None
    """When the interview came up with its first utterance."""
    content_words_s: float | None = None
    """And with the first that is no acknowledgement."""
    content_voice_s: float | None = None
    """When the voice had made the beginning of that."""
    content_from_s: float | None = None
    """When its voice began, a bare acknowledgement left out; None while the candidate cannot know of it."""
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, utterance: Utterance, now_s: float) -> None:
        if self.first_words_s is None:
            self.first_words_s = now_s
        if self.content_words_s is None and utterance.kind != "acknowledgement":
            self.content_words_s = now_s
        self.utterances.append(utterance)
        self._wake()

    async def comes_within(self, seconds: float) -> bool:
        """Whether there is something to say by then."""
        if not self.utterances and not self.complete:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grown.wait(), seconds)
        return bool(self.utterances) or self.complete

    def close(self) -> None:
        self.complete = True
        self._wake()

    @property
    def delivered(self) -> bool:
        return self.complete and self.said >= len(self.utterances)

    async def unsaid(self) -> AsyncIterator[Utterance]:
        """What is still to be said, as the interview comes up with it."""
        at = self.said
        if self.broken_off is not None:
            yield self.broken_off
            at += 1
        while True:
            while at < len(self.utterances):
                yield self.utterances[at]
                at += 1
            if self.complete:
                return
            await self._grown.wait()

    def heard_of(self, utterance: Utterance, share: float) -> None:
        """So much of an utterance reached the candidate before it ended or was interrupted."""
        if self.said >= len(self.utterances) or self.utterances[self.said].turn != utterance.turn:
            return
        if share >= _HEARD_ENOUGH:
            self.said += 1
            self.broken_off = None
        else:
            self.broken_off = utterance.model_copy(update={"text": rest_of(utterance.text, share)})

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()


class Conductor:
    """Tells the interview what happened, in order.

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
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._interview = interview
        self._now_s = now_s
        self._on_words = on_words
        self._on_done = on_done
        self._on_failure = on_failure
        self._tasks: list[asyncio.Task[None]] = []
        self._newest_is_first = True
        self.reply = Reply("begin", complete=True)
        self.finished = False

    @property
    def busy(self) -> bool:
        return any(not task.done() for task in self._tasks)

    def begin(self) -> None:
        self._tell(Reply("begin"), self._interview.begin)

    def hear(self, text: str, *, turn: str, waited_s: float) -> None:
        """`waited_s` is how long the candidate has been silent."""
        self._tell(
            Reply("hear", turn, text), lambda: self._interview.hear(text, turn=turn, waited_s=waited_s)
        )

    def amend(self, text: str, *, turn: str, waited_s: float) -> None:
        """More words for the last turn."""
        reply = Reply("amend", turn, text, bridged=self.reply.bridged)
        self._tell(reply, lambda: self._interview.amend(text, turn=turn, waited_s=waited_s))

    def keep(self, text: str, *, turn: str) -> None:
        """A turn that the end of the sitting cuts off; there is no reply to it."""

        async def kept() -> AsyncIterator[Utterance]:
            await self._interview.keep(text, turn=turn)
            nothing: tuple[Utterance, ...] = ()
            for utterance in nothing:
                yield utterance

        self._tell(Reply("keep", turn, text), kept)

    def silence(self, seconds: float) -> None:
        self._tell(Reply("silence"), lambda: self._interview.silence(seconds))

    async def aclose(self) -> None:
        """Listen to the interview no longer. What it was told stays told: it has a task of its own."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, reply: Reply, event: Callable[[], AsyncIterator[Utterance]]) -> None:
        """Without waiting for an earlier event where that is known to have reached the interview.

        The interview waits for it itself then, and hurries, since the reply to it is about to be stale.
        """
        self._tasks = [task for task in self._tasks if not task.done()]
        before = [] if self._newest_is_first else self._tasks[-1:]
        self._newest_is_first = not self._tasks
        self.reply = reply
        task = asyncio.create_task(self._attend(reply, event, before))
        task.add_done_callback(self._check)
        self._tasks.append(task)

    async def _attend(
        self,
        reply: Reply,
        event: Callable[[], AsyncIterator[Utterance]],
        before: Sequence[asyncio.Task[None]],
    ) -> None:
        if before:
            await asyncio.wait(before)
        reply.told_s = self._now_s()
        try:
            async for utterance in event():
                if (after_s := self._interview.understood_after_s) is not None:
                    reply.understood_s = reply.told_s + after_s
                reply.add(utterance, self._now_s())
                if reply.cause in ("begin", "silence") and len(reply.utterances) == 1:
                    self._on_words()
            view = await self._interview.view()
        finally:
            reply.close()
        self.finished = view.finished or view.stopped
        self._on_done(reply, view)

    def _check(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._on_failure(error)
