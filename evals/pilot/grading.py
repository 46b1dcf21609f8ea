"""The answers of a pilot as a dataset, so that they are graded, logged and carried on like any other."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from evals.datasets import OVERALL, Item, Rating
from evals.pilot.calls import Asked, Call
from evals.pilot.cast import INTENDED
from rubrics.models import GradeRequest
from rubrics.trace import GradeTrace

PROVENANCE = "authored"
"""The levels are those at which the personas' answers were written."""


class RowGrader(Protocol):
    """The product's grader."""

    async def grade_with_trace(
        self, request: GradeRequest, *, rows: Collection[str] | None = None
    ) -> GradeTrace: ...


class OwnRows:
    """Grades each answer by the rows of its question only, as in a real review. An `evals.running.Judge`."""

    def __init__(self, grader: RowGrader, rows: Mapping[str, Sequence[str]]) -> None:
        self._grader = grader
        self._rows = rows

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        return await self._grader.grade_with_trace(request, rows=self._rows[request.id])


def by_rubric(asked: Asked) -> dict[str, list[str]]:
    """The question's rows, without their rubric's name, by rubric."""
    pairs = sorted(tuple(row.split(".", 1)) for row in asked.rows)
    return {rubric: [row for _, row in rows] for rubric, rows in groupby(pairs, key=lambda pair: pair[0])}


def answer_id(asked: Asked, rubric: str) -> str:
    """The same words to the same question are graded once, whoever said them."""
    return f"{asked.question}-{rubric}-{hashlib.sha256(asked.answer.encode()).hexdigest()[:10]}"


def items_of(calls: Sequence[Call]) -> tuple[list[Item], dict[str, list[str]]]:
    """What is to be graded, and by which rows; knock-outs and skipped questions are not."""
    items: dict[str, Item] = {}
    rows: dict[str, list[str]] = {}
    for call in calls:
        for asked in call.asked:
            for rubric, own in by_rubric(asked).items() if asked.answer else ():
                id_ = answer_id(asked, rubric)
                rows[id_] = own
                items[id_] = _item(id_, asked, rubric, call)
    ordered = sorted(items.values(), key=lambda item: (item.question_id, item.id))
    return ordered, rows


def _item(id_: str, asked: Asked, rubric: str, call: Call) -> Item:
    level = INTENDED[call.member.level]
    return Item(
        id=id_,
        rubric=rubric,
        stage="screen",
        question_id=asked.question,
        question=asked.text,
        answer=asked.answer,
        gold=[Rating(rater="persona", row=OVERALL, score=level)],
        groups={"form": [call.member.manner]},
        provenance=PROVENANCE,
        licence="Apache-2.0",
    )
