"""Are the quotes under a level the candidate's own words? Grades authored answers and looks every quote up again."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rubrics.grader import Grader
from rubrics.models import GradeRequest

GOLD = Path(__file__).parent / "data" / "gold"


@dataclass(frozen=True)
class Quotes:
    """`quotes` under the levels of `answers` answers; `verbatim` of them stand in the answer where they say."""

    answers: int
    unscored: int
    quotes: int
    verbatim: int
    seconds_per_answer: float


def load_answers(limit: int) -> list[GradeRequest]:
    """Authored answers, evenly over the files and over each file."""
    files = [path.read_text(encoding="utf-8").splitlines() for path in sorted(GOLD.glob("*.jsonl"))]
    share = max(1, limit // len(files))
    picked = [lines[i * len(lines) // share] for lines in files for i in range(share)]
    return [_request(json.loads(line)) for line in picked[:limit]]


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


def _request(item: dict[str, str]) -> GradeRequest:
    return GradeRequest(
        id=item["id"],
        rubric=item["rubric"],
        round=item["stage"],
        topic=item["topic"],
        question=item["question"],
        answer=item["answer"],
    )
