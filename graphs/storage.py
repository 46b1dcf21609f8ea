"""Where interviews are kept: LangGraph checkpoints in one SQLite file, flushed to the disk at every step.

Only the last few checkpoints are kept: each one holds the whole interview. A file that cannot be read is put aside,
never deleted.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graphs.errors import StoreError

KEPT_CHECKPOINTS = 4
BUSY_TIMEOUT_S = 10.0
_PRUNE = "DELETE FROM {table} WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"
_OLDEST_KEPT = (
    "SELECT checkpoint_id FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ? "
    "ORDER BY checkpoint_id DESC LIMIT 1 OFFSET ?"
)


class Saver(AsyncSqliteSaver):
    """LangGraph's own saver, which also forgets old checkpoints and names the file when something goes wrong."""

    def __init__(self, connection: aiosqlite.Connection, file: Path) -> None:
        # None: plain values only, nothing that a tampered file could make us import
        super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self.file = file

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        with naming(self.file):
            stored = await super().aput(config, checkpoint, metadata, new_versions)
            await self._prune(stored["configurable"]["thread_id"], stored["configurable"]["checkpoint_ns"])
            return stored

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        with naming(self.file):
            await super().aput_writes(config, writes, task_id, task_path)

    async def _prune(self, thread: str, namespace: str) -> None:
        async with self.lock:
            found = await self.conn.execute_fetchall(_OLDEST_KEPT, (thread, namespace, KEPT_CHECKPOINTS - 1))
            for (oldest,) in found:
                for table in ("checkpoints", "writes"):
                    await self.conn.execute(_PRUNE.format(table=table), (thread, namespace, oldest))
                await self.conn.commit()


@asynccontextmanager
async def open_saver(file: Path) -> AsyncIterator[Saver]:
    """The store in `file`, made where there is none. Raises StoreError; a damaged file is first put aside."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = await aiosqlite.connect(file, timeout=BUSY_TIMEOUT_S)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: {error}\n  fix: choose a folder that you can write") from error
    try:
        with naming(file):
            await _prepare(connection)
            saver = Saver(connection, file)
            await saver.setup()
        yield saver
    except DamagedStore as error:
        await connection.close()
        aside = _put_aside(file)
        raise StoreError(
            f"{file}: this interview's file is damaged ({error.__cause__})\n"
            f"  fix: it was kept as {aside.name}; restore {file.name} from a backup, or begin a new interview"
        ) from error
    finally:
        await connection.close()


class DamagedStore(StoreError):
    """The file is no database, or a part of it is unreadable."""


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, with the file and what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"{file}: {error}\n  fix: {_remedy(str(error))}") from error
    except sqlite3.DatabaseError as error:
        raise DamagedStore(f"{file}: {error}\n  fix: restore the file from a backup") from error


async def _prepare(connection: aiosqlite.Connection) -> None:
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute("PRAGMA synchronous = FULL")
    rows = await connection.execute_fetchall("PRAGMA quick_check(1)")
    for (verdict,) in rows:
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)


def _remedy(message: str) -> str:
    if "full" in message:
        return "free some disk space and carry on; everything up to the last saved turn is kept"
    if "locked" in message:
        return "close the other window that has this interview open"
    if "readonly" in message or "open" in message:
        return "make the file and its folder writable"
    return "check the disk; everything up to the last saved turn is kept"


def _put_aside(file: Path) -> Path:
    """Rename the damaged file and what SQLite keeps beside it."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside
