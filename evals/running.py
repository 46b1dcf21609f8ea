"""Grades a dataset into a log, one answer after the other, carrying on where an earlier run stopped."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from evals.datasets import Item
from evals.errors import LogError
from evals.runlog import Graded, RunCard, RunLog, append, read_log
from rubrics.models import GradeRequest
from rubrics.trace import GradeTrace

Progress = Callable[[int, int], None]
"""Hears how many answers are done, and of how many."""


class Judge(Protocol):
    """Anything that grades: the product's own grader, a naive one to compare it with, or a user's."""

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace: ...


async def run(judge: Judge, items: Sequence[Item], card: RunCard, log: Path, *, progress: Progress) -> RunLog:
    """Grade what `log` does not hold yet. Raises LogError where `log` holds another run."""
    done = _carry_on(card, log)
    for number, item in enumerate(items):
        progress(number, len(items))
        if item.id not in done:
            began = time.monotonic()
            trace = await judge.grade_with_trace(item.request())
            append(log, Graded(item=item, trace=trace, seconds=round(time.monotonic() - began, 3)))
    progress(len(items), len(items))
    return read_log(log)


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
