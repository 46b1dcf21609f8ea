"""What the interview passes to those who speak, listen, show and report it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graphs.board import Board, Pad

Speaker = Literal["interviewer", "candidate"]
UtteranceKind = Literal[
    "greeting",  # says who interviews, that it is an AI, and agrees on the time
    "question",
    "probe",
    "acknowledgement",
    "repeat",
    "clarification",
    "time",  # how much is left
    "invitation",  # asks for the candidate's own questions
    "reply",  # answers one of the candidate's own questions
    "nudge",  # after a silence, or after something that was no answer
    "handover",  # closes one stage and opens the next
    "pause",
    "resume",
    "closing",
]
TurnKind = Literal[
    "answer",
    "request",
    "question",
    "other",
    "code",  # the code pad, as it was when the candidate spoke next or ran the tests
    "run",  # what became of the visible tests
    "sketch",  # boxes and arrows
]
PAD_KINDS: tuple[TurnKind, ...] = ("code", "run", "sketch")
"""Turns that nobody spoke."""


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Utterance(Frozen):
    """Something for the interviewer to say. Spoken once; `turn` is its id in the transcript."""

    turn: str
    kind: UtteranceKind
    text: str
    question: str | None = None
    """Qualified id of the bank's question it belongs to, e.g. `cold-start/q3`."""


class Turn(Frozen):
    """One line of the transcript."""

    id: str
    speaker: Speaker
    kind: UtteranceKind | TurnKind
    text: str
    stage: str
    question: str | None = None


class Answer(Frozen):
    """Everything a candidate said to one question, probes included: the unit that is graded."""

    id: str
    stage: str
    topic: str
    question: str
    question_text: str
    rows: list[str]
    """Rubric rows that the question can show, e.g. `staff.depth`."""
    points: list[str]
    """Qualified ids of the points it invites."""
    parts: list[str]
    """Ids of the candidate's turns, in order; the first one is what was volunteered, the others were probed for."""
    text: str
    """The candidate's words: the texts of `parts`, joined by newlines."""
    complete: bool
    """False while the question is still open."""
    skipped: bool = False
    board: Board | None = None
    """What was written or drawn for it."""


class Problem(Frozen):
    """A coding problem as it is shown."""

    id: str
    title: str
    statement: str
    starter: str


class View(Frozen):
    """Where an interview stands. Everything a voice, a page or a report may show of it."""

    session: str
    loop: str
    stages: list[str]
    stage: str | None
    """None before the first word and after the last."""
    question: str | None
    question_text: str | None
    turns: list[Turn]
    answers: list[Answer]
    paused: bool
    stopped: bool = False
    """The candidate has asked to end this sitting; a later one carries on from here."""
    finished: bool
    script: str | None = None
    """Version of the screening script, where one is followed."""
    consent: Literal["given", "refused"] | None = None
    """What the candidate said to it; see `may_be_kept`."""
    elapsed_s: float
    """Time spent in this interview, pauses between sittings left out."""
    budget_s: float
    patience_s: float
    """Seconds of silence after which the stage takes a finished-sounding answer for done."""
    expected_terms: list[str] = Field(default_factory=list)
    """Words that speech recognition should expect for the question under way."""
    pad: Pad | None = None
    """What the candidate may write or draw on for the question under way."""
    problem: Problem | None = None
    """What is to be solved on the code pad."""
    board: Board | None = None
    """What stands on the pad."""

    @property
    def may_be_kept(self) -> bool:
        """Whether the candidate's sound may reach the disk: under a script not before they have said yes."""
        return self.script is None or self.consent == "given"
