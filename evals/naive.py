"""The judge that most people would write first: show the rubric, ask for the scores as JSON, believe them.

It is the rival that every figure of the product's own grader is held against, so it gets the same rubric and anchors,
and neither gates nor checks nor quotes. Its levels have no interval of their own: low and high equal the level.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.datasets import OVERALL
from rubrics.errors import LanguageModelUnavailable
from rubrics.grader import UNAVAILABLE
from rubrics.language import LanguageModel, Message
from rubrics.loader import rubric_version
from rubrics.models import Grade, GradeRequest, Interval, Level, RowGrade, Rubric
from rubrics.trace import GradeTrace

_SYSTEM = (
    "You are an expert interviewer. Score the candidate's answer from 1 to 5 on each row of this rubric, and overall."
    "\n\n{rubric}\n\nReply with JSON only: one whole number from 1 to 5 for each of {rows}."
)
_ANSWER = "Question: {question}\n\nAnswer: {answer}"
_TOKENS_PER_ROW = 16
_SCORES = TypeAdapter(dict[str, Level])


class NaiveJudge:
    """Implements `evals.running.Judge` with one call an answer."""

    def __init__(self, language: LanguageModel, rubrics: Mapping[str, Rubric]) -> None:
        self._language = language
        self._rubrics = dict(rubrics)

    @property
    def prompts(self) -> str:
        """Changes whenever what it asks does, for the run card."""
        return hashlib.sha256(f"{_SYSTEM}{_ANSWER}".encode()).hexdigest()[:8]

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        rubric = self._rubrics.get(request.rubric)
        if rubric is None:
            return self._trace(request, f"there is no rubric {request.rubric!r}")
        rows = [*(row.id for row in rubric.rows), OVERALL]
        try:
            reply = await self._language.complete(
                _messages(request, rubric, rows),
                max_tokens=_TOKENS_PER_ROW * (len(rows) + 1),
                schema=_schema(rows),
            )
            return self._trace(request, None, rubric_version(rubric), _levels(reply, rows))
        except LanguageModelUnavailable as error:
            return self._trace(request, f"{UNAVAILABLE}: {error}", rubric_version(rubric))
        except (ValidationError, KeyError):
            return self._trace(
                request, "unreadable: not the scores that were asked for", rubric_version(rubric)
            )

    def _trace(
        self,
        request: GradeRequest,
        reason: str | None,
        version: str = "",
        levels: Mapping[str, int] | None = None,
    ) -> GradeTrace:
        """A grade of those levels; without any, one that is unscored for that reason."""
        found = {row: Interval(level=level, low=level, high=level) for row, level in (levels or {}).items()}
        overall = found.pop(OVERALL, None)
        grade = Grade(
            id=request.id,
            status="unscored" if overall is None else "scored",
            reason=reason,
            overall=overall,
            rows={row: RowGrade.scored(level) for row, level in found.items()},
            rubric_version=version or request.rubric,
            model=self._language.name,
            flags=["naive"],
        )
        return GradeTrace(grade=grade, fit=None, checks=[], prompt_version=self.prompts)


def _messages(request: GradeRequest, rubric: Rubric, rows: list[str]) -> list[Message]:
    """The rubric comes first, so that a server with a prompt cache reads it once."""
    shown = "\n\n".join(
        f"{row.id}: {row.about}\n"
        + "\n".join(f"{level}: {anchor}" for level, anchor in sorted(row.anchors.items()))
        for row in rubric.rows
    )
    return [
        {"role": "system", "content": _SYSTEM.format(rubric=shown, rows=", ".join(rows))},
        {"role": "user", "content": _ANSWER.format(question=request.question, answer=request.answer)},
    ]


def _schema(rows: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {row: {"type": "integer", "minimum": 1, "maximum": 5} for row in rows},
        "required": rows,
        "additionalProperties": False,
    }


def _levels(reply: str, rows: list[str]) -> dict[str, int]:
    scores = _SCORES.validate_json(reply)
    return {row: scores[row] for row in rows}
