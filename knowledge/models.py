"""What the content files hold. Every model is frozen and refuses unknown fields, so that a typo is an error.

Ids inside a topic are short (`p3`, `q2`); outside it they are qualified by the topic: `cold-start/p3`.
Rubric rows are named `rubric.row`, for example `staff.depth`.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RowId = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z]+$")]
QuestionKind = Literal["opening", "deep-dive", "scenario"]
StudyLevel = Literal["senior", "staff", "above-staff"]


class Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(Content):
    """One conversation of the loop, as the guide describes it."""

    id: Slug
    title: Text
    minutes: int = Field(gt=0)
    interviewers: Text
    what_happens: Text
    staff_bar: Text
    advice: list[Text] = Field(min_length=3)
    topics: list[Slug] = Field(min_length=1)
    rubrics: list[Text] = Field(min_length=1)
    """Rubric ids, or single rows such as `staff.influence`."""


class Fact(Content):
    """Something an interviewer may tell a candidate who asks; nothing outside these facts is ever claimed."""

    id: Slug
    ask: list[Text] = Field(min_length=2)
    """Ways in which candidates put the question."""
    answer: Text


class Guide(Content):
    id: Slug
    title: Text
    role: Text
    level: Text
    company: Text
    summary: Text
    stages: list[Stage] = Field(min_length=1)
    facts: list[Fact] = Field(default_factory=list)


class Point(Content):
    """Something specific that a strong answer may draw on."""

    id: Annotated[str, StringConstraints(pattern=r"^p\d+$")]
    text: Text
    why: Text


class Topic(Content):
    id: Slug
    title: Text
    stage: Slug
    summary: Text
    points: list[Point] = Field(min_length=8, max_length=12)
    mistakes: list[Text] = Field(min_length=3)
    terms: list[Text] = Field(min_length=5)
    """Words that speech recognition should expect, spelled as they are written."""
    reading: list[Text] = Field(min_length=2)


class Question(Content):
    id: Annotated[str, StringConstraints(pattern=r"^q\d+$")]
    kind: QuestionKind
    text: Text
    rows: list[RowId] = Field(min_length=2)
    points: list[Text] = Field(min_length=1)
    follow_ups: dict[RowId, list[Text]]
    """For each of `rows`: what to ask when the answer shows nothing for it. Two to four a row."""


class StudyAnswer(Content):
    """A worked outline of one question at three levels; shown after an interview, never during one."""

    question: Text
    senior: list[Text] = Field(min_length=3)
    staff: list[Text] = Field(min_length=3)
    above_staff: list[Text] = Field(min_length=3)


class QuestionBank(Content):
    """The questions of one topic."""

    topic: Slug
    questions: list[Question] = Field(min_length=6)
    study: StudyAnswer


class Phrasings(Content):
    """How candidates and interviewers put a topic aloud, in other words than its points.

    Only the search reads them, because a spoken sentence is closer to another spoken sentence than to a written
    point. They are never asked, shown or graded.
    """

    topic: Slug
    phrasings: list[Text] = Field(min_length=5)


class CodingProblem(Content):
    """`problem.yaml` of a coding problem; the code lies beside it as Python files.

    A `discussion` problem is talked through and has no tests.
    """

    id: Slug
    title: Text
    kind: Literal["code", "discussion"]
    topic: Slug
    statement: Text
    hints: list[Text] = Field(min_length=2)
    complexity: Text
    talking_points: list[Text] = Field(min_length=3)


GUIDE = "guide"
"""Stands for topic and stage of what belongs to the guide as a whole: its facts."""


class Passage(Content):
    """A search hit. `score` lies in 0-1, larger is closer."""

    topic: Slug
    stage: Slug
    kind: Literal["topic", "point", "question", "study", "fact", "phrasing"]
    source: Text
    """Qualified id of what was found, e.g. `cold-start/p3`."""
    score: float
    passage: Text


COVERED = 0.5
"""Similarity from which an answer covers a point. Of the authored pairs of `soundcheck eval retrieval` it finds 85 % of
what was said in other words, with no false alarm in single sentences; a lower one would credit what was not said."""


class Search(Protocol):
    """Search over the content. Implemented by `knowledge.index.Index`, and by a fake in tests."""

    def search(self, text: str, *, limit: int = 5, topic: str | None = None) -> list[Passage]:
        """The nearest passages, best first."""

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        """For each qualified point id: the largest similarity (0-1) of that point to any sentence of `answer`."""
