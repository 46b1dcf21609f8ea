"""Gets the reply to a turn ready while the turn is still spoken: the model reads along, and the reply is rehearsed.

A rehearsal runs the graph's own steps on the words so far, with calls of the model that make way for any others. What
it finds out is kept in `found` for the turn itself; see `graphs.ahead`.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import cast

from graphs.ahead import Ahead
from graphs.build import build
from graphs.deps import Deps
from graphs.models import Utterance
from graphs.reading import so_far
from graphs.state import Event, State, open_answer, updated, words_of
from rubrics.errors import LanguageModelUnavailable

_TURN = "foreseen"


class Foresight:
    """For one interview; one rehearsal at a time."""

    def __init__(self, deps: Deps) -> None:
        self.found = Ahead()
        self._deps = replace(deps, language=deps.language.ahead if deps.language else None)
        self._graph = build(None)
        self._task: asyncio.Task[list[str]] | None = None
        self._partial = ""
        self._reading = False

    async def look(self, state: State, partial: str, passed_s: float) -> list[str]:
        """What would be said to `partial`. A later call drops an earlier one."""
        self._drop()
        if self._deps.language is None:
            return []
        self._partial = partial
        self._task = asyncio.create_task(self._rehearse(state, partial, passed_s))
        return await self._task

    async def settle(self, text: str | None, left_s: float) -> None:
        """The turn is over: wait for a rehearsal of just these words, and give up any other one, and mere reading."""
        if self._task is not None and self._partial == text and not self._reading:
            await asyncio.wait([self._task], timeout=max(0.0, left_s))
        self._drop()
        self.found.rehearsing = False

    def end(self) -> None:
        """The turn has been replied to, or there will be none."""
        self._drop()
        self.found.drop_unfinished()

    def _drop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def _rehearse(self, state: State, partial: str, passed_s: float) -> list[str]:
        assert self._deps.language is not None
        answer = open_answer(state)
        self._reading = answer is not None
        if answer is not None:
            said = "\n".join(filter(None, (words_of(state, answer), partial)))
            with suppress(LanguageModelUnavailable):
                await self._deps.language.read(so_far(answer["question_text"], said))
        self._reading = False
        if not partial:
            return []
        self.found.rehearsing = True
        event = Event(kind="hear", text=partial, turn=_TURN, seconds=0.0, passed_s=passed_s)
        lines = self._graph.astream(
            updated(state, {"event": event}),
            context=replace(self._deps, ahead=self.found),
            stream_mode="custom",
        )
        return [Utterance.model_validate(cast(object, line)).text async for line in lines]
