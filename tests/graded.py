"""Answers that count as graded, for tests of evals that need no model."""

from collections.abc import Mapping

from evals.datasets import Item, Rating
from evals.runlog import Graded
from rubrics.models import Grade, Interval, RowGrade
from rubrics.trace import GradeTrace


def item(id_: str = "a1", answer: str = "I did it.", **more: object) -> Item:
    given = {
        "rubric": "star",
        "topic": "feedback",
        "question_id": "feedback/q1",
        "question": "When did you give feedback?",
        "provenance": "authored",
        "licence": "Apache-2.0",
    }
    return Item.model_validate({"id": id_, "answer": answer, **given, **more})


def rated(levels: Mapping[str, float]) -> list[Rating]:
    return [Rating(rater="writer", row=row, score=score) for row, score in levels.items()]


def trace(id_: str, overall: float | None, rows: Mapping[str, float] | None = None) -> GradeTrace:
    grade = Grade(
        id=id_,
        status="unscored" if overall is None else "scored",
        reason=None,
        overall=None if overall is None else _at(overall),
        rows={
            row: RowGrade(level=level, low=level, high=level, status="scored", reason=None, evidence=[])
            for row, level in (rows or {}).items()
        },
        rubric_version="star@1",
        model="fake",
        flags=[],
    )
    return GradeTrace(grade=grade, fit=None, checks=[], prompt_version="p")


def graded(given: Item, overall: float | None, rows: Mapping[str, float] | None = None) -> Graded:
    return Graded(item=given, trace=trace(given.id, overall, rows), seconds=1.0)


def _at(level: float) -> Interval:
    return Interval(level=level, low=level, high=level)
