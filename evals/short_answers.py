"""Grades short answers that have a reference answer and no rubric, in the manner of the rubric grader.

The reference answer is compiled to yes/no checks, one for each of its points and one for the whole. Each is read from
log-odds less what the model says of an answer that says nothing, in units of what it says of the reference itself, and
code combines them. Nothing is fitted to anybody's scores, and levels are on the scale 0-1.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from evals.datasets import OVERALL
from evals.points import asked_for, points_of
from rubrics.errors import LanguageModelUnavailable
from rubrics.evidence import candidates
from rubrics.grader import UNAVAILABLE
from rubrics.language import LanguageModel, Message
from rubrics.levels import credit
from rubrics.models import Check, Evidence, Grade, GradeRequest, Interval
from rubrics.priors import NOTHING
from rubrics.prompts import plain
from rubrics.sentences import Span, sentences
from rubrics.trace import CheckTrace, GradeTrace

_POINT_SYSTEM = "You compare two statements and answer with Yes or No."
_POINT = "Statement A: {said}\nStatement B: {point}\n\nDoes statement A say what statement B says? Answer Yes or No."
_WHOLE_SYSTEM = (
    "You grade short answers in an exam by a reference answer. You answer one question about a student's answer with "
    "Yes or No."
)
_WHOLE = "Question: {question}\n\nReference answer: {reference}\n\nStudent's answer: {answer}"
_READ = "I have read them."
_COMPLETE = "Is the student's answer correct and complete? Answer Yes or No."
_LEAST_GAIN = 0.5
"""Where the model hardly tells the reference answer from nothing, small differences must not be made much of."""
_STEM_LETTERS = 5
_WORD = re.compile(r"[a-z0-9]{2,}")
_CHECK_LEVEL = 2
"""Checks of a reference answer are not tied to levels; a trace wants one."""


class _Scale(NamedTuple):
    """What the model says to one check of an answer that says nothing, and how much more of the reference answer."""

    prior: float
    gain: float


@dataclass(frozen=True)
class Reference:
    """A question and how it should be answered."""

    question: str
    answer: str

    @property
    def points(self) -> list[str]:
        return points_of(self.answer)


class ShortAnswerJudge:
    """Implements `evals.running.Judge`. References are found by the question's words."""

    def __init__(self, language: LanguageModel, references: Sequence[Reference]) -> None:
        self._language = language
        self._references = {reference.question: reference for reference in references}
        self._scales: dict[str, _Scale] = {}

    @property
    def prompts(self) -> str:
        """For the run card; it changes when references are taken apart in another way, too."""
        points = [point for reference in self._references.values() for point in reference.points]
        everything = "\n".join((_POINT_SYSTEM, _POINT, _WHOLE_SYSTEM, _WHOLE, _COMPLETE, *points))
        return hashlib.sha256(everything.encode()).hexdigest()[:8]

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        reference = self._references.get(request.question)
        if reference is None:
            return self._trace(request, None, "there is no reference answer to this question", [])
        if not any(character.isalnum() for character in request.answer):
            return self._trace(request, None, "empty: no words were recorded", [])
        try:
            whole = await self._whole(request.answer, reference)
            points = [
                await self._point(request.answer, f"point-{number}", point)
                for number, point in enumerate(reference.points, start=1)
            ]
        except LanguageModelUnavailable as error:
            return self._trace(request, None, f"{UNAVAILABLE}: {error}", [])
        return self._trace(request, combine(reference, whole, points), None, [whole, *points])

    async def _whole(self, answer: str, reference: Reference) -> CheckTrace:
        asked = [_whole(reference, said) for said in (answer, NOTHING, reference.answer)]
        return await self._traced("whole", reference.question, asked, answer, Span(0, len(answer)))

    async def _point(self, answer: str, check: str, point: str) -> CheckTrace:
        """Judged on the sentence that shares most words with the point; without one, nobody need be asked."""
        span = nearest(point, answer)
        if span is None:
            return _check_trace(check, 0.0, _Scale(0.0, 1.0), None)
        asked = [_point(point, said) for said in (span.of(answer), NOTHING, point)]
        return await self._traced(check, point, asked, answer, span)

    async def _traced(
        self, check: str, key: str, asked: Sequence[Sequence[Message]], answer: str, span: Span
    ) -> CheckTrace:
        """`asked` is the check about the answer, about one that says nothing, and about the reference."""
        this, nothing, all_of_it = asked
        if key not in self._scales:
            prior = await self._language.yes_log_odds(nothing)
            gain = await self._language.yes_log_odds(all_of_it) - prior
            self._scales[key] = _Scale(prior, max(_LEAST_GAIN, gain))
        odds = await self._language.yes_log_odds(this)
        quote = Evidence(quote=span.of(answer), start=span.start, end=span.end)
        return _check_trace(check, odds, self._scales[key], quote)

    def _trace(
        self, request: GradeRequest, overall: Interval | None, reason: str | None, checks: list[CheckTrace]
    ) -> GradeTrace:
        grade = Grade(
            id=request.id,
            status="unscored" if overall is None else "scored",
            reason=reason,
            overall=overall,
            rows={},
            rubric_version=f"{request.rubric}@reference",
            model=self._language.name,
            flags=["scale 0-1"],
        )
        return GradeTrace(grade=grade, fit=None, checks=checks, prompt_version=self.prompts)


def combine(reference: Reference, whole: CheckTrace, points: Sequence[CheckTrace]) -> Interval:
    """The mean of all checks, of the points only as many as the question asks for.

    The interval is not coverage: `low` counts clear checks only, `high` all that are not clearly missed.
    """
    wanted = asked_for(reference.question, len(points))
    credits = sorted((credit(check) for check in points), reverse=True)[:wanted]
    credits.append(credit(whole))
    return Interval(
        level=round(fmean(credits), 3),
        low=round(fmean(float(each == 1.0) for each in credits), 3),
        high=round(fmean(float(each > 0.0) for each in credits), 3),
    )


def nearest(point: str, answer: str) -> Span | None:
    """The sentence of the answer that shares most words with the point, if any does."""
    cues = sorted({word[:_STEM_LETTERS] for word in words_of(point)})
    if not cues:
        return None
    found = candidates(Check(id="point", level=_CHECK_LEVEL, ask=point, cues=cues), answer, sentences(answer))
    return found[0] if found else None


def words_of(text: str) -> list[str]:
    """Words that carry meaning, in lower case."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return [word for word in _WORD.findall(text.casefold()) if word not in ENGLISH_STOP_WORDS]


def _point(point: str, said: str) -> list[Message]:
    asked = _POINT.format(said=plain(said), point=plain(point))
    return [{"role": "system", "content": _POINT_SYSTEM}, {"role": "user", "content": asked}]


def _whole(reference: Reference, answer: str) -> list[Message]:
    """The reference comes before the answer, so that it is read once for all answers to a question."""
    read = _WHOLE.format(
        question=plain(reference.question), reference=plain(reference.answer), answer=plain(answer)
    )
    return [
        {"role": "system", "content": _WHOLE_SYSTEM},
        {"role": "user", "content": read},
        {"role": "assistant", "content": _READ},
        {"role": "user", "content": _COMPLETE},
    ]


def _check_trace(check: str, odds: float, scale: _Scale, quote: Evidence | None) -> CheckTrace:
    return CheckTrace(
        row=OVERALL,
        id=check,
        level=_CHECK_LEVEL,
        log_odds=odds,
        prior=scale.prior,
        adjusted=odds - scale.prior,
        share=(odds - scale.prior) / scale.gain,
        quote=quote,
    )
