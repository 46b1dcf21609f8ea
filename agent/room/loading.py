"""Loads what takes seconds (models, libraries) while pages are served already."""

import asyncio
import importlib
from typing import TYPE_CHECKING, Literal

from agent.room.faults import why
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.voice.holding import Studio

State = Literal["loading", "ready", "failed"]


class Opening:
    """The studio of this process, on its way. Whoever needs it waits for `studio()`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._studio: Studio | None = None
        self._changed = asyncio.Event()
        self.doing = "loading the speech libraries"
        self.failure: str | None = None
        """What kept it from opening."""

    @property
    def state(self) -> State:
        if self._studio is not None:
            return "ready"
        return "failed" if self._task is not None and self._task.done() else "loading"

    def begin(self) -> None:
        self._task = asyncio.create_task(self._hold_open(), name="studio")
        self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failure = why(error)
        self._changed.set()

    async def studio(self) -> "Studio":
        """Raises what kept it from opening."""
        await self._changed.wait()
        if self._studio is not None:
            return self._studio
        assert self._task is not None
        await self._task
        raise asyncio.CancelledError

    async def aclose(self) -> None:
        self._closing.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _hold_open(self) -> None:
        holding = await asyncio.to_thread(importlib.import_module, "agent.voice.holding")
        self.doing = "loading the models"
        async with holding.open_studio(self._settings) as studio:
            self._studio = studio
            self._changed.set()
            warming = studio.workplace.warm_up()
            await self._closing.wait()
            warming.cancel()
        self._studio = None
