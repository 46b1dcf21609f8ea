"""Killed at any instant and started again: no answered question is lost, and none is asked again."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiosqlite
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata

from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance, View
from graphs.plan import make_plan
from graphs.storage import Saver, open_saver
from knowledge.loader import Content
from tests.fakes import FakeClock
from tests.golden import FOLDER, small_deps
from tests.pad_sittings import PadSitting


class Crash(Exception):
    """The machine stops here."""


class CrashingSaver(Saver):
    """Fails at the n-th write: before it reaches the file, or just after."""

    def __init__(self, connection: aiosqlite.Connection, file: Path, *, after: int, late: bool) -> None:
        super().__init__(connection, file)
        self.left = after
        self.late = late

    def _count(self) -> bool:
        self.left -= 1
        return self.left <= 0

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        now = self._count()
        if now and not self.late:
            raise Crash
        stored = await super().aput(config, checkpoint, metadata, new_versions)
        if now:
            raise Crash
        return stored

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        now = self._count()
        if now and not self.late:
            raise Crash
        await super().aput_writes(config, writes, task_id, task_path)
        if now:
            raise Crash


@asynccontextmanager
async def crashing_saver(file: Path, rng: Random) -> AsyncIterator[CrashingSaver]:
    async with aiosqlite.connect(file) as connection:
        await connection.execute(
            "PRAGMA synchronous = OFF"
        )  # what is tested is the order of writes, not the disk
        saver = CrashingSaver(connection, file, after=rng.randint(4, 30), late=rng.random() < 0.5)
        await saver.setup()
        yield saver


class Candidate:
    """Says something to every line, never the same twice, and says it again only where it had no reply."""

    def __init__(self) -> None:
        self.turns = 0
        self.pending: tuple[str, str] | None = None
        self.sent: dict[str, str] = {}

    def react(self, view: View) -> tuple[str, str]:
        if self.pending is None:
            self.turns += 1
            last = next(turn.kind for turn in reversed(view.turns) if turn.kind in ("greeting", "invitation"))
            text = "yes" if last == "greeting" else "no"
            if view.question is not None:
                text = f"Answer number {self.turns}, because the morning was cold and the street was dark."
            self.pending = (f"c{self.turns}", text)
        return self.pending

    def heard(self, turn: str, text: str) -> None:
        self.sent[turn] = text
        self.pending = None


async def drain(utterances: AsyncIterator[Utterance]) -> list[Utterance]:
    return [utterance async for utterance in utterances]


async def sit(interview: Interview, candidate: Candidate) -> View:
    """One sitting, until the end of the interview or a crash."""
    view = await interview.view()
    if not view.finished:
        await drain(interview.begin())
    while not (view := await interview.view()).finished:
        turn, text = candidate.react(view)
        await drain(interview.hear(text, turn=turn))
        candidate.heard(turn, text)
    return view


def hold(view: View, candidate: Candidate) -> None:
    """What must be true of a finished interview, however often it was interrupted."""
    stored = {turn.id: turn.text for turn in view.turns if turn.speaker == "candidate"}
    assert {turn: stored.get(turn) for turn in candidate.sent} == candidate.sent
    assert len(stored) == sum(turn.speaker == "candidate" for turn in view.turns)
    asked = Counter(
        turn.question for turn in view.turns if turn.speaker == "interviewer" and turn.kind == "question"
    )
    assert set(asked.values()) == {1}
    assert view.turns[-1].kind == "closing"
    assert Counter(turn.kind for turn in view.turns)["greeting"] == len(view.stages)
    parts = [part for answer in view.answers for part in answer.parts]
    assert len(parts) == len(set(parts))
    given = {turn for turn, text in candidate.sent.items() if text.startswith("Answer")}
    assert given <= set(parts)
    probes = Counter(turn.question for turn in view.turns if turn.kind == "probe")
    assert all(count <= 2 for count in probes.values())


@pytest.mark.parametrize("seed", range(6))
async def test_a_crash_at_any_write_loses_nothing_and_repeats_nothing(tmp_path: Path, seed: int) -> None:
    rng, candidate, deps = Random(seed), Candidate(), small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, seed=seed)
    file, crashes = tmp_path / "interview.sqlite", 0
    while crashes < 200:
        async with crashing_saver(file, rng) as saver:
            try:
                interview = await Interview.open(saver, deps, session="s", plan=plan)
                view = await sit(interview, candidate)
            except Crash:
                crashes += 1
                continue
        break
    assert crashes >= 5
    hold(view, candidate)


async def test_every_prefix_of_an_interview_can_be_carried_on(tmp_path: Path) -> None:
    candidate, deps = Candidate(), small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, seed=4)
    file = tmp_path / "interview.sqlite"
    for _ in range(60):
        async with open_saver(file) as saver:
            interview = await Interview.open(saver, deps, session="s", plan=plan)
            before = await interview.view()
            await drain(interview.begin())
            after = await interview.view()
            assert after.question == before.question or before.stage is None
            assert [a.text for a in after.answers] == [a.text for a in before.answers]
            turn, text = candidate.react(after)
            await drain(interview.hear(text, turn=turn))
            candidate.heard(turn, text)
            view = await interview.view()
        if view.finished:
            break
    hold(view, candidate)


async def test_a_failed_write_can_be_tried_again_in_the_same_sitting(tmp_path: Path) -> None:
    candidate, deps = Candidate(), small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, seed=4)
    async with crashing_saver(tmp_path / "interview.sqlite", Random(0)) as saver:
        saver.left = 10**9
        interview = await Interview.open(saver, deps, session="s", plan=plan)
        await drain(interview.begin())
        rng = Random(1)
        while not (view := await interview.view()).finished:
            turn, text = candidate.react(view)
            saver.left = rng.randint(1, 25)
            try:
                await drain(interview.hear(text, turn=turn))
            except Crash:
                continue
            candidate.heard(turn, text)
    hold(view, candidate)


def killed_until_done(file: Path, log: Path, rng: Random) -> int:
    """Run an interview in a process that is killed four times; the exit status of the fifth."""
    for kills in range(5):
        process = subprocess.Popen([sys.executable, "-m", "tests.killed", str(file), str(log)])
        try:
            return process.wait(timeout=2.0 + 2.0 * rng.random() if kills < 4 else 300)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    return -1


async def test_a_killed_process_loses_nothing_it_had_replied_to(tmp_path: Path) -> None:
    file, log = tmp_path / "interview.sqlite", tmp_path / "sent"
    assert await asyncio.to_thread(killed_until_done, file, log, Random(7)) == 0
    candidate = Candidate()
    for line in log.read_text(encoding="utf-8").splitlines():
        turn, text = line.split("\t")
        candidate.heard(turn, text)
    async with open_saver(file) as saver:
        interview = await Interview.open(saver, small_deps(FakeClock()), session="s")
        hold(await interview.view(), candidate)


async def test_killed_at_any_instant_no_acknowledged_code_is_lost(tmp_path: Path, content: Content) -> None:
    """What `show` has returned from is there again; a last change that it had not may be there or not."""
    for seed in range(6):
        rng, file = Random(seed), tmp_path / f"{seed}.sqlite"
        stored, tried = "", 0
        async with open_saver(file) as calm:
            await (await PadSitting.open(content, saver=calm)).begin()
        for _ in range(30):
            try:
                async with crashing_saver(file, rng) as saver:
                    sitting = await PadSitting.open(content, saver=saver)
                    await drain(sitting.interview.begin())
                    view = await sitting.view()
                    if view.board is not None or stored:
                        assert view.board is not None
                        assert view.board.code in (stored, f"# {tried}")
                        stored = view.board.code
                    tried = int(stored[2:] or 0)
                    while tried < 8:
                        tried += 1
                        if await sitting.write(f"# {tried}"):
                            stored = f"# {tried}"
            except Crash:
                continue
            break
        assert stored == "# 8"
