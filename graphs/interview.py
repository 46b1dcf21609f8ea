"""One interview: what the candidate says goes in, what the interviewer says comes out.

The graph runs in a task of its own. A caller who stops listening (someone has begun to speak) never stops it half-way;
the next call waits for it. Each turn is stored before anything is said about it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from math import inf
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

from graphs.board import Shown
from graphs.build import build
from graphs.deps import Deps
from graphs.errors import GraphError, InterviewOver
from graphs.foresight import Foresight
from graphs.impatience import Hurry
from graphs.models import Utterance, View
from graphs.plan import Plan
from graphs.scripted import deps_for
from graphs.state import VERSION, Event, State, new_state, open_answer, plan_of
from graphs.views import view_of

MOST_STEPS = 40
"""No turn needs more than about ten steps of the graph; more means that it runs in a circle."""
log = logging.getLogger(__name__)


class Interview:
    """Open one with `Interview.open`. Not for use from several threads."""

    def __init__(
        self, saver: BaseCheckpointSaver[str], deps: Deps, session: str, plan: Plan, stored: State | None
    ) -> None:
        deps = deps_for(plan, deps)
        self._hurry = Hurry(deps.language)
        self._deps = replace(deps, language=self._hurry.model)
        self._graph = build(saver)
        self._foresight = Foresight(deps)
        self._config = RunnableConfig(configurable={"thread_id": session}, recursion_limit=MOST_STEPS)
        self._session = session
        self._plan = plan
        self._state = stored
        self._since: float | None = None
        self._running: asyncio.Task[None] | None = None
        self._reply_by_s = inf
        self.understood_after_s: float | None = None
        """Seconds until it was known what the last thing heard means; None while it is not."""
        self._unfinished = stored is not None
        """The last run may have ended half-way; what it has stored is carried on first."""

    @classmethod
    async def open(
        cls, saver: BaseCheckpointSaver[str], deps: Deps, *, session: str, plan: Plan | None = None
    ) -> "Interview":
        """The stored interview of that session, whose own plan then holds; else a new one by `plan`.

        Raises GraphError where neither is given, or where a newer version of this program stored it.
        """
        config = RunnableConfig(configurable={"thread_id": session})
        found = await saver.aget_tuple(config)
        stored = cast(State, found.checkpoint["channel_values"]) if found else None
        if stored is None or "place" not in stored:
            if plan is None:
                raise GraphError(f"{session}: nothing is stored of this interview\n  fix: begin a new one")
            return cls(saver, deps, session, plan, None)
        if stored["version"] > VERSION:
            raise GraphError(f"{session}: stored by another version of soundcheck\n  fix: update soundcheck")
        return cls(saver, deps, session, plan_of(stored), stored)

    async def begin(self) -> AsyncIterator[Utterance]:
        """The first words. Of a stored interview: a short line and what was asked last, never a second greeting."""
        if self._state is None:
            self._since = self._deps.clock()
            async for utterance in self._speak(new_state(self._session, self._plan)):
                yield utterance
            return
        # finish the turn that was under way: its last line is about to be said again, unless it was the very last
        unsaid = [utterance async for utterance in self._speak(None)]
        if unsaid and self._state["place"]["phase"] == "over":
            for utterance in unsaid:
                yield utterance
            return
        self._refuse_when_over()
        self._since = self._deps.clock()
        async for utterance in self._speak(_resume("reopen")):
            yield utterance

    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        """A whole turn of the candidate, who has been silent for `waited_s`.

        The same `turn` twice advances the interview once.
        """
        async for utterance in self._take("hear", text, turn, waited_s):
            yield utterance

    async def amend(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        """More words for the candidate's last turn. They join it under its id; the reply to it is withdrawn."""
        async for utterance in self._take("amend", text, turn, waited_s):
            yield utterance

    async def foresee(self, partial: str) -> list[str]:
        """Get ready for a turn of which `partial` has been said; nothing comes of it but a quicker reply.

        Returns what would be said if that were all of it. May be cancelled at any time, and is by the turn itself.
        """
        if self._state is None or self.busy:
            return []
        return await self._foresight.look(self._state, partial, self._time_since_last_s())

    async def silence(self, seconds: float) -> AsyncIterator[Utterance]:
        """Nothing was said for so long: a nudge, then an offer to move on, then a pause."""
        async for utterance in self._recover():
            yield utterance
        self._refuse_when_over()
        async for utterance in self._speak(_resume("silence", seconds=seconds, passed_s=self._passed_s())):
            yield utterance

    async def show(self, shown: Shown) -> bool:
        """What is on the candidate's pad now. It is stored, and nothing is said to it.

        False where it was not stored: its question is not open any more, or the turn before has yet to be finished.
        """
        await self.settle()
        state = self._state
        answer = open_answer(state) if state is not None else None
        if self._unfinished or answer is None or answer["question"] != shown.question:
            return False
        event = _resume("show", shown=shown.model_dump(mode="json"), passed_s=self._passed_s())
        await asyncio.shield(await self._start(event, asyncio.Queue(), quietly=True))
        return True

    async def keep(self, text: str, *, turn: str) -> None:
        """Store a turn that the end of a sitting cut off; nothing is said to it.

        Of an answer `begin` asks for the rest; a request or a refusal counts as if it had been heard.

        Nothing happens where that turn is known or the interview has ended.
        """
        async for _ in self._recover():
            pass
        state = self._state
        if state is None or state["place"]["phase"] == "over" or turn in _turns_taken(state):
            return
        await asyncio.shield(await self._start(_resume("keep", text=text, turn=turn), asyncio.Queue()))

    async def view(self) -> View:
        """Where the interview stands."""
        state = self._state or new_state(self._session, self._plan)
        return view_of(state, self._deps, self._time_since_last_s())

    @property
    def busy(self) -> bool:
        """Whether a turn is being worked on."""
        return self._running is not None and not self._running.done()

    async def close(self) -> None:
        """Wait until everything that was heard is stored and answered. Call it before closing the saver."""
        await self.settle()
        self._foresight.end()

    async def settle(self) -> None:
        """The same, for an interview that goes on."""
        while self._running is not None and self.busy:
            await asyncio.wait([self._running])

    async def _take(self, kind: str, text: str, turn: str, waited_s: float) -> AsyncIterator[Utterance]:
        self._reply_by_s = self._deps.clock() + self._deps.wording_deadline_s - waited_s
        with self._hurry:
            await self.settle()
        async for utterance in self._recover():
            yield utterance
        self._refuse_when_over()
        state = self._state
        if state is None:
            raise GraphError("the interview has not begun\n  fix: call begin() first")
        if turn in _turns_taken(state):
            return
        await self._foresight.settle(text if kind == "hear" else None, self._reply_by_s - self._deps.clock())
        async for utterance in self._speak(_resume(kind, text=text, turn=turn, passed_s=self._passed_s())):
            yield utterance

    async def _recover(self) -> AsyncIterator[Utterance]:
        """Finish a run that failed half-way, so that the turn it had stored is neither lost nor taken twice."""
        await self.settle()
        if self._unfinished and self._state is not None:
            async for utterance in self._speak(None):
                yield utterance

    async def _speak(self, given: State | Command[Any] | None) -> AsyncIterator[Utterance]:
        """Run the graph until it waits again, and give out what it says."""
        said: asyncio.Queue[Utterance | None] = asyncio.Queue()
        task = await self._start(given, said)
        while (utterance := await said.get()) is not None:
            yield utterance
        await task

    async def _start(
        self,
        given: State | Command[Any] | None,
        said: asyncio.Queue[Utterance | None],
        *,
        quietly: bool = False,
    ) -> "asyncio.Task[None]":
        """A run of the graph, once no other one is under way; `quietly` leaves what is got ready for a turn alone."""
        await self.settle()
        task = asyncio.create_task(self._advance(given, said, quietly=quietly))
        task.add_done_callback(_log_failure)
        self._running = task
        return task

    async def _advance(
        self, given: State | Command[Any] | None, said: asyncio.Queue[Utterance | None], *, quietly: bool
    ) -> None:
        self._unfinished = True
        began_s = self._deps.clock()
        if not quietly:
            self.understood_after_s = None
        deps = replace(self._deps, ahead=self._foresight.found, reply_by_s=self._reply_by_s)
        try:
            steps = self._graph.astream(
                given, self._config, context=deps, stream_mode=["custom", "updates"], durability="sync"
            )
            async for kind, step in steps:
                if kind == "custom":
                    said.put_nowait(Utterance.model_validate(step))
                elif not quietly and "receive" in cast(dict[str, object], step):
                    self.understood_after_s = self._deps.clock() - began_s
            snapshot = await self._graph.aget_state(self._config)
            self._state = cast(State, snapshot.values)
            if self._state["place"]["paused"]:
                self._since = None
            self._unfinished = False
            if not quietly:
                self._foresight.end()
        finally:
            said.put_nowait(None)

    def _passed_s(self) -> float:
        """Time since the last event of this sitting; none while paused."""
        passed_s = self._time_since_last_s()
        self._since = self._deps.clock()
        return passed_s

    def _time_since_last_s(self) -> float:
        return 0.0 if self._since is None else max(0.0, self._deps.clock() - self._since)

    def _refuse_when_over(self) -> None:
        if self._state is not None and self._state["place"]["phase"] == "over":
            raise InterviewOver(f"{self._session}: this interview has ended\n  fix: begin a new one")


def _turns_taken(state: State) -> set[str]:
    """Ids of all that the candidate has said."""
    return {t["id"] for t in state["turns"] if t["speaker"] == "candidate"} | set(state["amended"])


def _resume(
    kind: str,
    *,
    text: str = "",
    turn: str = "",
    seconds: float = 0.0,
    passed_s: float = 0.0,
    shown: dict[str, object] | None = None,
) -> Command[Any]:
    event = {"kind": kind, "text": text, "turn": turn, "seconds": seconds, "passed_s": passed_s}
    return Command(resume=cast(Event, event if shown is None else {**event, "shown": shown}))


def _log_failure(task: "asyncio.Task[None]") -> None:
    """Retrieve the failure of a task that nobody may be waiting for any more. A caller who is gets it raised."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the interview could not go on: %s", type(error).__name__)
