"""Grades a dataset into a log, carrying on where an earlier run stopped."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from evals.datasets import Item
from evals.errors import LogError
from evals.runlog import Graded, RunCard, RunLog, append, read_card, read_log
from rubrics.grader import UNAVAILABLE
from rubrics.models import GradeRequest
from rubrics.trace import GradeTrace

Progress = Callable[[int, int], None]
"""Hears how many answers are done, and of how many."""


class Judge(Protocol):
    """Anything that grades: the product's own grader, a naive one to compare it with, or a user's."""

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace: ...


async def run(
    judge: Judge, items: Sequence[Item], card: RunCard, log: Path, *, progress: Progress, parallel: int = 1
) -> RunLog:
    """Grade what `log` does not hold yet, `parallel` answers at a time. Raises LogError where it holds another run.

    Answers on which the model failed are left out of the log: the next run of the same work tries them again.
    """
    done = _carry_on(card, log)
    left = iter([item for item in items if item.id not in done])
    graded = len(done)

    async def work() -> None:
        nonlocal graded
        for item in left:
            progress(graded, len(items))
            began = time.monotonic()
            trace = await judge.grade_with_trace(item.request())
            if not (trace.grade.reason or "").startswith(UNAVAILABLE):
                append(log, Graded(item=item, trace=trace, seconds=round(time.monotonic() - began, 3)))
                graded += 1

    await asyncio.gather(*(work() for _ in range(parallel)))
    progress(graded, len(items))
    return read_log(log)


def unfinished(folder: Path, card: RunCard) -> Path | None:
    """The newest log in `folder` that was begun for the same work and is not complete."""
    for path in sorted(folder.glob("*.jsonl"), reverse=True):
        try:
            if read_card(path).same_work(card) and len(read_log(path).graded) < card.answers:
                return path
        except LogError:
            continue
    return None


def _carry_on(card: RunCard, log: Path) -> set[str]:
    """The answers that are graded already; a fresh log is begun where there is none."""
    if not log.exists():
        append(log, card)
        return set()
    found = read_log(log)
    if not found.card.same_work(card):
        raise LogError(
            f"{log}: holds another run ({found.card.model}, {found.card.dataset}, {found.card.begun:%Y-%m-%d})\n"
            "  fix: name another file, or delete this one"
        )
    return {graded.item.id for graded in found.graded}
