"""Lets a simulated candidate take part in a spoken interview: listens to the interviewer, thinks, and speaks."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from agent.voice.candidate_voice import CandidateVoice
from agent.voice.conductor import Reply
from agent.voice.headless import Headless
from agent.voice.lines import Played
from agent.voice.pcm import Pcm
from agent.voice.words import Heard
from graphs.manner import Spoken
from graphs.models import Utterance, View

_CHARACTERS_A_SECOND = 15.0
_BARGES_IN_AT = 0.6
"""The share of the interviewer's last utterance that an impatient candidate listens to."""


class Candidate(Protocol):
    def reply(self, view: View, said: list[Utterance]) -> Spoken | None:
        """What the candidate says to what the interviewer has `said` just now; None is silence."""


class Performer:
    """A listener of the interviewer's; see `Listener`. One turn at a time: what is begun is spoken to its end, and what
    was prepared for a reply that has been withdrawn is dropped."""

    def __init__(
        self,
        candidate: Candidate,
        voice: CandidateVoice,
        devices: Headless,
        *,
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._candidate = candidate
        self._voice = voice
        self._devices = devices
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[None]] = set()
        self._speaking = asyncio.Lock()
        self._go = asyncio.Event()
        self._reply: Reply | None = None
        self._barges_in = False

    def viewed(self, view: View, reply: Reply) -> None:
        """The interviewer's words are known before they have been spoken: time to get the answer ready."""
        if view.finished or view.stopped or (reply.cause == "silence" and not reply.utterances):
            return
        self._reply, stale = reply, self._go
        self._go = asyncio.Event()
        stale.set()
        task = asyncio.create_task(self._perform(view, reply, self._go))
        self._tasks.add(task)
        task.add_done_callback(self._check)

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        if self._barges_in and reply is self._reply and utterance is reply.utterances[-1]:
            heard_s = len(utterance.text) / _CHARACTERS_A_SECOND * _BARGES_IN_AT
            asyncio.get_running_loop().call_later(heard_s / self._devices.ears.timeline.speed, self._go.set)

    def floor_opened(self, reply: Reply) -> None:
        if reply is self._reply:
            self._go.set()

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        pass

    def said(self, utterance: Utterance, played: Played) -> None:
        pass

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _check(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._on_failure(error)

    async def _perform(self, view: View, reply: Reply, go: asyncio.Event) -> None:
        async with self._speaking:
            if reply is not self._reply:
                return
            spoken = self._candidate.reply(view, list(reply.utterances))
            if spoken is None:
                return
            self._barges_in = spoken.barge_in
            prepared: asyncio.Queue[Pcm | None] = asyncio.Queue()
            preparing = asyncio.create_task(self._prepare(spoken, prepared))
            try:
                await go.wait()
                if reply is self._reply:
                    await self._speak(spoken, prepared)
            finally:
                preparing.cancel()
                await asyncio.wait([preparing])

    async def _prepare(self, spoken: Spoken, prepared: asyncio.Queue[Pcm | None]) -> None:
        try:
            async for phrase in self._voice.phrases(spoken):
                prepared.put_nowait(phrase)
        finally:
            prepared.put_nowait(None)

    async def _speak(self, spoken: Spoken, prepared: asyncio.Queue[Pcm | None]) -> None:
        ears = self._devices.ears
        await ears.timeline.until(ears.timeline.now_s() + (0.0 if spoken.barge_in else spoken.think_s))
        last: Sequence[asyncio.Future[None]] = ()
        while (phrase := await prepared.get()) is not None:
            last = [ears.feed(phrase)]
        if last:
            await asyncio.wait(last)
