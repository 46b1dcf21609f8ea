"""Reads a stored interview without carrying it on."""

import asyncio
from pathlib import Path

from langchain_core.runnables import RunnableConfig

from graphs.deps import Deps
from graphs.interview import Interview
from graphs.models import View
from graphs.storage import open_saver


async def load_view(file: Path, deps: Deps, session: str) -> View | None:
    """Where the interview of that session stands; None where nothing of it is stored.

    Raises StoreError where the file cannot be read, GraphError where a newer version of this program wrote it.
    """
    if not await asyncio.to_thread(file.exists):
        return None
    async with open_saver(file) as saver:
        config = RunnableConfig(configurable={"thread_id": session})
        found = await saver.aget_tuple(config)
        if found is None or "place" not in found.checkpoint["channel_values"]:
            return None
        return await (await Interview.open(saver, deps, session=session)).view()
