import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint

from graphs.errors import StoreError
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance
from graphs.plan import make_plan
from graphs.storage import KEPT_CHECKPOINTS, open_saver
from tests.fakes import FakeClock
from tests.golden import FOLDER, small_deps


async def drain(utterances: AsyncIterator[Utterance]) -> list[Utterance]:
    return [utterance async for utterance in utterances]


async def first_words(file: Path) -> None:
    deps = small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide)
    async with open_saver(file) as saver:
        interview = await Interview.open(saver, deps, session="s", plan=plan)
        await drain(interview.begin())
        await drain(interview.hear("yes", turn="c1"))


async def test_every_step_is_flushed_to_the_disk(tmp_path: Path) -> None:
    async with open_saver(tmp_path / "deep" / "interview.sqlite") as saver:
        synchronous = await saver.conn.execute_fetchall("PRAGMA synchronous")
        journal = await saver.conn.execute_fetchall("PRAGMA journal_mode")
        wait_ms = await saver.conn.execute_fetchall("PRAGMA busy_timeout")
    assert [tuple(row) for rows in (synchronous, journal, wait_ms) for row in rows] == [
        (2,),
        ("wal",),
        (10000,),
    ]


async def test_only_the_last_checkpoints_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "interview.sqlite"
    await first_words(file)
    with sqlite3.connect(file) as connection:
        ids = [row[0] for row in connection.execute("SELECT checkpoint_id FROM checkpoints")]
        written = {row[0] for row in connection.execute("SELECT checkpoint_id FROM writes")}
    connection.close()
    assert len(ids) == KEPT_CHECKPOINTS
    assert written <= set(ids)


async def test_the_database_holds_plain_values_only(tmp_path: Path) -> None:
    file = tmp_path / "interview.sqlite"
    await first_words(file)
    with sqlite3.connect(file) as connection:
        blobs = [row[0] for row in connection.execute("SELECT checkpoint FROM checkpoints")]
    connection.close()
    assert not any(b"graphs." in blob for blob in blobs)


@pytest.mark.parametrize("damage", ["garbage", "torn"])
async def test_a_damaged_file_is_named_and_put_aside(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "interview.sqlite"
    await first_words(file)
    data = file.read_bytes()
    file.write_bytes(
        b"not a database" * 300 if damage == "garbage" else data[:4096] + b"\0" * 4096 + data[8192:]
    )
    damaged = file.read_bytes()
    with pytest.raises(StoreError) as error:
        await first_words(file)
    assert str(file) in str(error.value)
    assert "damaged-1" in str(error.value)
    assert (tmp_path / "interview.sqlite.damaged-1").read_bytes() == damaged
    assert not file.exists()
    await first_words(file)


async def test_a_full_disk_is_named_and_what_was_saved_stays(tmp_path: Path) -> None:
    file = tmp_path / "interview.sqlite"
    deps = small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide)
    async with open_saver(file) as saver:
        interview = await Interview.open(saver, deps, session="s", plan=plan)
        await drain(interview.begin())
        await drain(interview.hear("yes", turn="c1"))
        (pages,) = next(iter(await saver.conn.execute_fetchall("PRAGMA page_count")))
        await saver.conn.execute_fetchall(f"PRAGMA max_page_count = {pages}")
        long = "The oven broke at four in the morning. " * 5000
        with pytest.raises(StoreError, match="free some disk space"):
            await drain(interview.hear(long, turn="c2"))
        await saver.conn.execute_fetchall("PRAGMA max_page_count = 1000000")
        await drain(interview.hear(long, turn="c2"))
        assert (await interview.view()).answers[0].text == long.strip()
    async with open_saver(file) as saver:
        again = await Interview.open(saver, deps, session="s")
        assert (await again.view()).answers[0].text == long.strip()


async def test_a_file_held_by_another_process_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphs.storage.BUSY_TIMEOUT_S", 0.05)
    file = tmp_path / "interview.sqlite"
    await first_words(file)
    async with aiosqlite.connect(file) as other:
        await other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="close the other window"):
            await first_words(file)
    assert file.exists()


async def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="fix"):
        async with open_saver(tmp_path / "file" / "interview.sqlite"):
            pass


async def test_interviews_of_several_sessions_do_not_prune_each_other(tmp_path: Path) -> None:
    async with open_saver(tmp_path / "interview.sqlite") as saver:
        for thread in ("one", "two"):
            config = RunnableConfig(configurable={"thread_id": thread, "checkpoint_ns": ""})
            for _ in range(KEPT_CHECKPOINTS + 3):
                config = await saver.aput(config, empty_checkpoint(), {}, {})
        counts = await saver.conn.execute_fetchall(
            "SELECT thread_id, count(*) FROM checkpoints GROUP BY thread_id ORDER BY thread_id"
        )
    assert [tuple(row) for row in counts] == [("one", KEPT_CHECKPOINTS), ("two", KEPT_CHECKPOINTS)]
