"""Are the quotes under a level the candidate's own words? Grades authored answers and looks every quote up again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.datasets import load_gold
from rubrics.grader import Grader
from rubrics.models import GradeRequest


@dataclass(frozen=True)
class Quotes:
    """`quotes` under the levels of `answers` answers; `verbatim` of them stand in the answer where they say."""

    answers: int
    unscored: int
    quotes: int
    verbatim: int
    seconds_per_answer: float


def load_answers(limit: int) -> list[GradeRequest]:
    """Authored answers, evenly over all of them."""
    items = load_gold()
    return [items[i * len(items) // limit].request() for i in range(min(limit, len(items)))]


async def check_quotes(
    grader: Grader, requests: Sequence[GradeRequest], progress: Callable[[int, int], None]
) -> Quotes:
    began, quotes, unscored = time.monotonic(), [], 0
    for number, request in enumerate(requests):
        progress(number, len(requests))
        grade = await grader.grade(request)
        unscored += grade.status == "unscored"
        quotes += [
            request.answer[evidence.start : evidence.end] == evidence.quote
            for row in grade.rows.values()
            for evidence in row.evidence
        ]
    progress(len(requests), len(requests))
    return Quotes(
        answers=len(requests),
        unscored=unscored,
        quotes=len(quotes),
        verbatim=sum(quotes),
        seconds_per_answer=(time.monotonic() - began) / len(requests),
    )
