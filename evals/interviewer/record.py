"""What was said in a simulated session, in the order in which it was heard; and what the evaluator knows beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graphs.models import Speaker, View
from graphs.plan import Plan
from rubrics.models import Rubric

Manner = Literal["words", "more words", "silence"]
"""Of a candidate's line. "more words" belong to the line before them: the interviewer had replied too early."""


@dataclass(frozen=True)
class Line:
    """One thing said, or a silence of the candidate's. `kind` is the interview's own name for it, or a `Manner`."""

    speaker: Speaker
    kind: str
    text: str
    stage: str
    question: str | None
    at_s: float
    """When it began, in seconds of the talk."""
    turn: str = ""


@dataclass(frozen=True)
class Record:
    """A session. Withdrawn replies of the interviewer are among the lines: they were heard."""

    session: str
    persona: str
    plan: Plan
    lines: tuple[Line, ...]
    view: View
    """Where it stood in the end."""

    def asks(self) -> Iterator[tuple[int, Line]]:
        """Every new question and follow-up, with its place."""
        for place, line in enumerate(self.lines):
            if line.speaker == "interviewer" and line.kind in ("question", "probe"):
                yield place, line

    def said_before(self, place: int) -> str:
        """All words of the candidate so far."""
        return " ".join(line.text for line in self.lines[:place] if line.speaker == "candidate")

    def replies(self, place: int) -> list[Line]:
        """What the interviewer says to the candidate's line at `place`."""
        replies = []
        for line in self.lines[place + 1 :]:
            if line.speaker == "candidate":
                break
            replies.append(line)
        return replies


@dataclass(frozen=True)
class Asked:
    """A question as the content has it."""

    text: str
    rows: tuple[str, ...]
    follow_ups: Mapping[str, tuple[str, ...]]
    is_problem: bool = False


@dataclass(frozen=True)
class World:
    """What is true of the content, whoever says it."""

    questions: Mapping[str, Asked]
    written: frozenset[str]
    """Plain sentences that authors wrote to be said aloud: questions, follow-ups, problems, facts."""
    secret: Mapping[str, str]
    """By topic: what must not be given away."""
    terms: Mapping[str, tuple[str, ...]]
    """By topic: its technical terms."""
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)


def plain(text: str) -> str:
    """Words in lower case without punctuation: what a listener compares."""
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))


def sentences_of(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:])\s+", text.strip()) if part]
