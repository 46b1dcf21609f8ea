"""Grades answers, then the same answers changed, into one log that `evals.verdicts` judges."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evals.datasets import Item
from evals.errors import DatasetError, JudgeError
from evals.laws import originals_of
from evals.perturbations.models import Family
from evals.perturbations.plan import AGAIN, APART, pick, plan
from evals.runlog import RunCard, RunLog
from evals.running import Judge, Progress, run
from rubrics.grader import UNAVAILABLE
from rubrics.models import GradeRequest, Rubric
from rubrics.trace import GradeTrace


@dataclass(frozen=True)
class Effort:
    """How much is graded. `pairs` is how many answers each change is made to."""

    answers: int
    pairs: int
    families: tuple[Family, ...]
    seed: int


class Grading(Protocol):
    """A grader that can be asked for some of its rows, as the product's own can."""

    @property
    def rubrics(self) -> Mapping[str, Rubric]: ...

    async def grade_with_trace(
        self, request: GradeRequest, *, rows: Collection[str] | None = None
    ) -> GradeTrace: ...


class RowByRow:
    """Asks for each row alone, the last one first; the whole is left open."""

    def __init__(self, grader: Grading) -> None:
        self._grader = grader

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        rows = self._grader.rubrics[request.rubric].rows[::-1]
        alone = [await self._grader.grade_with_trace(request, rows=[row.id]) for row in rows]
        for each in alone:
            if (each.grade.reason or "").startswith(UNAVAILABLE):
                return each
        parts = alone[::-1]
        grades = {id_: row for part in parts for id_, row in part.grade.rows.items()}
        open_ = {"overall": None, "status": "unscored", "reason": "row by row", "rows": grades}
        return parts[0].model_copy(
            update={
                "grade": parts[0].grade.model_copy(update=open_),
                "checks": [check for part in parts for check in part.checks],
                "samples": [sample for part in parts for sample in part.samples],
            }
        )


@dataclass(frozen=True)
class Judges:
    """`usual` may remember what the model said to a prompt before; the others must ask it anew."""

    usual: Judge
    again: Judge
    apart: Judge
    """Asks row by row, in another order."""


def choose(items: Sequence[Item], effort: Effort) -> list[Item]:
    """The answers to begin with. Raises DatasetError where there are none."""
    chosen = pick(items, effort.answers, effort.seed)
    if not chosen:
        raise DatasetError(
            "no question has answers at three levels of `overall`, which perturbations begin with\n"
            "  fix: rate more answers a question, or use the shipped set"
        )
    return chosen


async def grade_originals(
    judges: Judges, originals: Sequence[Item], card: RunCard, log: Path, *, progress: Progress
) -> RunLog:
    """Raises LogError, and JudgeError where the model fails."""
    return _whole(await run(_Panel(judges, {}), originals, card, log, progress=progress), originals)


def changes(log: RunLog, pool: Sequence[Item], effort: Effort) -> list[Item]:
    """The changed answers to the graded originals; always the same for the same log."""
    return plan(originals_of(log), pool, effort.families, pairs=effort.pairs, seed=effort.seed)


async def grade_changed(
    judges: Judges, first: RunLog, changed: Sequence[Item], log: Path, *, progress: Progress
) -> RunLog:
    """Into the log of the originals, `first`. Raises LogError, and JudgeError where the model fails."""
    laws = {item.id: item.groups["law"][0] for item in changed}
    items = [*(graded.item for graded in originals_of(first)), *changed]
    return _whole(await run(_Panel(judges, laws), items, first.card, log, progress=progress), items)


def log_name(card: RunCard) -> str:
    """The same for the same work, so that it is carried on by itself."""
    work = card.model_dump_json(exclude={"begun", "python"})
    return f"perturb-{hashlib.sha256(work.encode()).hexdigest()[:8]}.jsonl"


def _whole(log: RunLog, items: Sequence[Item]) -> RunLog:
    missing = {item.id for item in items} - {graded.item.id for graded in log.graded}
    if missing:
        raise JudgeError(
            f"{len(missing)} answers: the model failed\n  fix: run the same command again; it tries only those"
        )
    return log


class _Panel:
    """Gives each answer to the judge that its law needs."""

    def __init__(self, judges: Judges, laws: Mapping[str, str]) -> None:
        self._usual = judges.usual
        self._others = {AGAIN: judges.again, APART: judges.apart}
        self._laws = laws

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        judge = self._others.get(self._laws.get(request.id, ""), self._usual)
        return await judge.grade_with_trace(request)
