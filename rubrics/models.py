"""Rubric files, and the contract of a grade (`soundcheck grade IN.jsonl OUT.jsonl`)."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rubrics.coderun import CodeRun

Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Level = Annotated[int, Field(ge=1, le=5)]
Cue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9'#*. ]+$")]
Need = Literal["words", "figure", "self"]
Status = Literal["scored", "unscored"]


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(Frozen):
    """One atomic question with the answer yes or no; "yes" speaks for reaching `level` of its row."""

    id: Word
    level: Annotated[int, Field(ge=2, le=5)]
    ask: Text
    needs: Need = "words"
    """What a quote must hold to count: a figure, or the candidate's own person ("I", not "we")."""
    cues: list[Cue] = Field(default_factory=list)
    """Beginnings of words or phrases that often come with a yes: where to look first for the quote.

    `#` stands for a figure, `*` for any letters of a word, `..` for up to four words; a point ends the last word.
    """


class Row(Frozen):
    id: Word
    title: Text
    about: Text
    """What the row looks at, in one sentence."""
    anchors: dict[Level, Text]
    checks: list[Check] = Field(min_length=3, max_length=6)


class Rubric(Frozen):
    id: Word
    version: Text
    title: Text
    levels: dict[Level, Text]
    """What each level is called, e.g. 4: Staff."""
    example: Text | None = None
    """An answer that meets every check. It is never graded: it shows what a yes of the model at hand looks like."""
    rows: list[Row] = Field(min_length=1)


class GradeRequest(Frozen):
    """One line of the grader's input. `answer` holds only the candidate's own words."""

    id: str
    rubric: str
    round: str = ""
    topic: str = ""
    question: str
    answer: str
    code: CodeRun | None = None
    """What became of the code that the candidate wrote for it, where there is any."""
    heard: Annotated[float, Field(ge=0, le=1)] | None = None
    """Mean confidence of the words in `answer`, where they were recognised from speech."""


class Evidence(Frozen):
    """`answer[start:end] == quote`; offsets count characters."""

    quote: str
    start: int
    end: int


class Interval(Frozen):
    """A level on the scale 1-5 with the interval in which it is believed to lie."""

    level: float
    low: float
    high: float


class RowGrade(Frozen):
    """`level`, `low` and `high` are None exactly where `status` is "unscored"; `reason` then says why."""

    level: float | None
    low: float | None
    high: float | None
    status: Status
    reason: str | None
    evidence: list[Evidence]
    tests: str | None = Field(default=None, exclude_if=lambda tests: tests is None)
    """Evidence that is no quote: how many tests the candidate's code passes. Left out where there is no code."""

    @classmethod
    def scored(
        cls, level: Interval, evidence: Sequence[Evidence] = (), *, reason: str | None = None
    ) -> "RowGrade":
        return cls(**level.model_dump(), status="scored", reason=reason, evidence=list(evidence))

    @classmethod
    def unscored(cls, reason: str) -> "RowGrade":
        return cls(level=None, low=None, high=None, status="unscored", reason=reason, evidence=[])


class Grade(Frozen):
    """One line of the grader's output."""

    id: str
    status: Status
    reason: str | None
    overall: Interval | None
    rows: dict[str, RowGrade]
    rubric_version: str
    model: str
    flags: list[str]
    """`uncalibrated`, and what the gates saw: `empty`, `short`, `echo`, `repetition`, `off-topic`, `injection`,
    `misheard`."""
