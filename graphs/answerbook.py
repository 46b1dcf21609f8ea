"""What simulated candidates know to say: authored answers by question, and the makings of answers to any other.

`answers/<topic>.yaml` holds authored answers, `answers/unseen/<level>.yaml` the stories and phrases from which
`graphs.composing` makes the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from graphs.errors import LoopError
from graphs.persona import AnswerLevel, RubricId, Slug, Strict, Text
from knowledge.documents import Document, M, read_document
from knowledge.errors import Problem
from knowledge.models import RowId

SHIPPED = Path(__file__).parent / "answers"
LEVELS: tuple[AnswerLevel, ...] = ("strong", "mixed", "weak")
QuestionId = Annotated[str, StringConstraints(pattern=r"^q\d+$")]
Phrases = Annotated[list[Text], Field(min_length=1)]


class AuthoredAnswer(Strict):
    text: Text
    demo: Text | None = None
    """The same answer in about half the words."""
    probes: dict[RowId, Text]
    """What this candidate adds when asked about a row."""


class LevelAnswer(AuthoredAnswer):
    also: list[AuthoredAnswer] = Field(default_factory=list)
    """Answers of other people at the same level."""


class AuthoredQuestion(Strict):
    question: QuestionId
    strong: LevelAnswer
    mixed: LevelAnswer
    weak: LevelAnswer

    def at(self, level: AnswerLevel, seed: int = 0) -> AuthoredAnswer:
        """The answer of one of the people at that level; a seed stands for one person throughout."""
        first = {"strong": self.strong, "mixed": self.mixed, "weak": self.weak}[level]
        people = [first, *first.also]
        return people[seed % len(people)]


class TopicAnswers(Strict):
    topic: Slug
    answers: list[AuthoredQuestion] = Field(min_length=1)


class Story(Strict):
    """One thing a candidate did; it can carry answers to several questions."""

    id: Slug
    name: Text
    """How the candidate refers back to it, e.g. `the home page ranker`."""
    rubrics: list[RubricId] = Field(min_length=1)
    """Questions of which rubrics it can answer."""
    topics: list[Slug] = Field(default_factory=list)
    """Topics that it fits best."""
    opening: Phrases
    steps: list[Text] = Field(default_factory=list)
    result: Phrases
    lesson: Phrases
    rows: dict[RowId, Phrases] = Field(default_factory=dict)
    """What can be added about it when asked about a row."""


class Unseen(Strict):
    """How one level answers a question nobody wrote an answer for."""

    level: AnswerLevel
    points: int = Field(ge=0, le=4)
    """How many of the points that a question invites are drawn on."""
    figures: bool
    """Whether a point may be said with its figures and examples."""
    stories: list[Story] = Field(min_length=1)
    begin: Phrases
    again: Phrases
    """Used in place of a story's opening once it was told; hold `{name}`."""
    moves: Phrases
    """Carry a point that begins with a verb; hold `{move}`."""
    claims: Phrases
    """Carry any other point; hold `{claim}`."""
    reasons: list[Text] = Field(default_factory=list)
    """Carry why a point matters; hold `{why}`."""
    terms: list[Text] = Field(default_factory=list)
    """Carry names of things a topic is about; hold `{terms}`."""
    mistakes: list[Text] = Field(default_factory=list)
    """Carry a common mistake of the topic; hold `{mistake}`."""
    rows: dict[RowId, Phrases] = Field(default_factory=dict)
    """What is said about a row where no story has anything."""
    nothing_more: Phrases


@dataclass(frozen=True)
class AnswerBook:
    authored: Mapping[str, AuthoredQuestion]
    """By qualified question id, e.g. `feedback/q1`."""
    unseen: Mapping[AnswerLevel, Unseen]


def load_answers(folder: Path | None = None) -> AnswerBook:
    """The shipped answers, or those of a folder laid out alike. Raises LoopError."""
    folder = folder or SHIPPED
    faults: list[Problem] = []
    authored = _authored(_read(sorted(folder.glob("*.yaml")), TopicAnswers, faults), faults)
    unseen = _read([folder / "unseen" / f"{level}.yaml" for level in LEVELS], Unseen, faults)
    for level, made in zip(LEVELS, unseen, strict=False):
        if made.model.level != level:
            faults.append(made.problem(("level",), f"is {made.model.level}", f"write `level: {level}`"))
    if faults:
        raise LoopError("\n".join(map(str, faults)))
    return AnswerBook(authored, {document.model.level: document.model for document in unseen})


def script_answers(script: str, file: Path | None = None) -> dict[str, AuthoredQuestion]:
    """The answers to a script's questions, by qualified id: those of `file`, or the shipped ones, if there are any.

    Raises LoopError.
    """
    path = file or SHIPPED / "scripts" / f"{script}.yaml"
    if file is None and not path.is_file():
        return {}
    faults: list[Problem] = []
    documents = _read([path], TopicAnswers, faults)
    found = _authored(documents, faults)
    for document in documents:
        if document.model.topic != script:
            faults.append(
                document.problem(("topic",), f"is {document.model.topic}", f"write `topic: {script}`")
            )
    if faults:
        raise LoopError("\n".join(map(str, faults)))
    return found


def _authored(documents: list[Document[TopicAnswers]], faults: list[Problem]) -> dict[str, AuthoredQuestion]:
    """By qualified question id."""
    authored: dict[str, AuthoredQuestion] = {}
    for document in documents:
        for i, answer in enumerate(document.model.answers):
            qualified = f"{document.model.topic}/{answer.question}"
            if qualified in authored:
                fix = "keep one of the two"
                faults.append(document.problem(("answers", i), f"{qualified} is answered twice", fix))
            authored[qualified] = answer
    return authored


def _read(paths: list[Path], model: type[M], faults: list[Problem]) -> list[Document[M]]:
    documents = [read_document(path, model, faults) for path in paths]
    return [document for document in documents if document]
