"""Grading beside the conversation: each finished answer is a job that survives a crash.

What is left to do is never stored: it is the interview's answers less those in `grades.jsonl`.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby
from statistics import fmean

from pydantic import BaseModel, ConfigDict, Field

from agent.code_runs import CodeRuns, code_of
from agent.sessions import Session, append_durably, read_lines
from agent.voice.words import SpokenTurn
from graphs.models import Answer
from rubrics.coderun import CodeRun
from rubrics.errors import SandboxError
from rubrics.grader import UNAVAILABLE, Grader
from rubrics.models import Grade, GradeRequest

log = logging.getLogger(__name__)


class GradedAnswer(BaseModel):
    """A line of `grades.jsonl`. The last line of an answer counts; `text_sha256` tells whether it is still current."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: str
    text_sha256: str
    grades: dict[str, Grade]
    """By rubric id: a stage may use rows of more than one."""
    run: CodeRun | None = Field(default=None, exclude_if=lambda run: run is None)
    """What became of the code that was written for it."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class GradingDesk:
    """Grades the answers of one session, one after the other, in a task of its own."""

    def __init__(self, session: Session, grader: Grader, runs: CodeRuns | None = None) -> None:
        """Without `runs`, code is not run, and answers are graded by what was said."""
        self._session = session
        self._path = session.folder / "grades.jsonl"
        self._grader = grader
        self._runs = runs or CodeRuns()
        self._waiting: asyncio.Queue[Answer] = asyncio.Queue()
        self._done = read_grades(session)
        self._submitted: set[tuple[str, str]] = {(g.answer, g.text_sha256) for g in self._done.values()}
        self._task: asyncio.Task[None] | None = None

    def submit(self, answers: Sequence[Answer]) -> int:
        """Queue those answers that are complete and not graded yet; the number queued."""
        fresh = [
            a
            for a in answers
            if a.complete and not a.skipped and (a.id, text_sha256(a)) not in self._submitted
        ]
        for answer in fresh:
            self._submitted.add((answer.id, text_sha256(answer)))
            self._waiting.put_nowait(answer)
        if fresh and self._task is None:
            self._task = asyncio.create_task(self._work(), name="grading")
        return len(fresh)

    async def finish(self, progress: Callable[[int], None] = lambda left: None) -> dict[str, GradedAnswer]:
        """Wait for every queued answer, and give all grades by answer id. `progress` hears how many are left."""
        while self._task is not None and not self._task.done():
            progress(self._waiting.qsize() + 1)
            joined = asyncio.ensure_future(self._waiting.join())
            await asyncio.wait({joined, self._task}, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            if joined.done():
                break
            joined.cancel()
        if self._task is not None and self._task.done():
            self._task.result()
        progress(0)
        return dict(self._done)

    async def close(self) -> None:
        """Stop after what is being written; what is left is graded when the session is opened again."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            answer = await self._waiting.get()
            heard = confidence(self._session, answer)
            graded = await grade_answer(self._grader, answer, heard=heard, runs=self._runs)
            if not any((grade.reason or "").startswith(UNAVAILABLE) for grade in graded.grades.values()):
                await asyncio.to_thread(append_durably, self._path, graded)
            self._done[answer.id] = graded
            self._waiting.task_done()


def text_sha256(answer: Answer) -> str:
    """Of everything that is graded: the words, and the code where there is some."""
    code = code_of(answer.board)
    whole = f"{answer.text}\0{code}" if code else answer.text
    return hashlib.sha256(whole.encode()).hexdigest()


def read_grades(session: Session) -> dict[str, GradedAnswer]:
    """The stored grades of a session, by answer id."""
    return {row.answer: row for row in read_lines(session.folder / "grades.jsonl", GradedAnswer)}


def confidence(session: Session, answer: Answer) -> float | None:
    """How sure the recogniser was of the answer's words on average; None of a typed one."""
    turns = read_lines(session.folder / "words.jsonl", SpokenTurn)
    sure = [word.p for turn in turns if turn.turn in answer.parts and not turn.typed for word in turn.words]
    return fmean(sure) if sure else None


async def grade_answer(
    grader: Grader, answer: Answer, *, heard: float | None = None, runs: CodeRuns | None = None
) -> GradedAnswer:
    """One grade for each rubric that has rows among the answer's. `heard` as in `GradeRequest`."""
    run = await _run_of(answer, runs) if runs else None
    pairs = sorted(tuple(row.split(".", 1)) for row in answer.rows)
    grades = {}
    for rubric, rows in groupby(pairs, key=lambda pair: pair[0]):
        request = GradeRequest(
            id=answer.id,
            rubric=rubric,
            round=answer.stage,
            topic=answer.topic,
            question=answer.question_text,
            answer=answer.text,
            heard=heard,
            code=run,
        )
        grades[rubric] = await grader.grade(request, rows=[row for _, row in rows])
    return GradedAnswer(answer=answer.id, text_sha256=text_sha256(answer), grades=grades, run=run)


async def _run_of(answer: Answer, runs: CodeRuns) -> CodeRun | None:
    """None also where this machine cannot run code: the answer is then graded by what was said."""
    try:
        return await runs.of_answer(answer)
    except SandboxError as error:
        log.warning("graded without running the code: %s", error)
        return None
