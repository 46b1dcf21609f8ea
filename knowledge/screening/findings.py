"""What the check of a script finds."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from knowledge.errors import Problem

Kind = Literal[
    "schema",
    "unlawful",
    "risky",
    "leading",
    "double",
    "closed",
    "reading",
    "anchors",
    "time",
    "competency",
    "row",
    "gives-away",
    "praise",
    "grading",
    "repeated",
    "disclosure",
    "consent",
    "accommodations",
    "knockout",
    "facts",
    "closing",
    "not-scored",
    "evidence-rule",
    "retention",
    "decision",
    "job-analysis",
]


class Fault(NamedTuple):
    """A fault of one text: why it is one, what to do, and words that would do."""

    kind: Kind
    why: str
    fix: str
    better: str


@dataclass(frozen=True)
class Finding:
    """A fault with its place. `better` is a wording to use or to start from."""

    kind: Kind
    problem: Problem
    better: str

    def __str__(self) -> str:
        return f"{self.problem}\n  better: {self.better}" if self.better else str(self.problem)
