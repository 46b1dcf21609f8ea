"""The state of an interview: plain dictionaries, lists, strings and numbers, so that a checkpoint needs no classes.

`place` is everything that moves; a copy of it, with the length of the transcript, is kept from before the last turn
(`undo`), so that words which belong to that turn can still join it. The transcript itself is stored once.
"""

from typing import Literal, NotRequired, TypedDict, Unpack, cast

from graphs.board import Board
from graphs.models import Speaker, TurnKind, UtteranceKind
from graphs.plan import Plan

VERSION = 2
"""2 knows pads. An interview that version 1 stored is carried on, and becomes one of version 2 with its first board."""
Phase = Literal[
    "consent",  # told what this is; waiting for a yes to it
    "agreement",  # greeted; waiting for a yes
    "question",  # a question or one of its probes is open
    "adding",  # the candidate is adding to an earlier answer
    "candidate",  # the candidate asks
    "between",  # a stage is over, and what follows is not said yet
    "over",
]
Route = Literal[
    "agreed", "refuse", "answer", "leave", "finish", "respond", "add", "reply", "close_stage", "nothing"
]
Intent = Literal[
    "answer",
    "repeat",
    "clarify",
    "hint",
    "wait",
    "done",
    "skip",
    "time",
    "pause",
    "stop",
    "add",
    "question",
    "feedback",
    "identity",
    "yes",
    "no",
    "unknown",
    "instruct",
    "unclear",  # neither agrees nor refuses
    "short",
    "nothing",
    "silence",
    "resume",  # said something after a pause
    "reopen",  # a new sitting
]
Leaving = Literal["begin", "shorter", "next", "long", "skip"]
"""With which line the question before is left."""
Consent = Literal["given", "refused"]
Courtesy = Literal["expand", "unknown", "instruct", "nothing_said", "write"]


class TurnRecord(TypedDict):
    id: str
    speaker: Speaker
    kind: UtteranceKind | TurnKind
    text: str
    stage: str
    question: str | None


class AnswerRecord(TypedDict):
    """As `graphs.models.Answer`, its text left in the transcript."""

    id: str
    stage: str
    topic: str
    question: str
    question_text: str
    rows: list[str]
    points: list[str]
    parts: list[str]
    complete: bool
    skipped: bool


class Prompt(TypedDict):
    """What the candidate is to react to; said again on request and after a restart."""

    text: str
    question: str | None


class OpenQuestion(TypedDict):
    id: str
    began_s: float
    targets: list[str]
    """Rows and points already probed for, in order."""
    courtesies: list[Courtesy]
    """What a candidate is asked only once a question."""
    hints: int
    writing: NotRequired[bool]
    """The candidate is still at work on the code: nothing is asked about it yet but what a failing test shows."""


class PlannedProbe(TypedDict):
    target: str
    """A rubric row, or the qualified id of a point."""
    text: str
    """As written by hand."""


class Place(TypedDict):
    stage: int
    phase: Phase
    began_s: float
    """Where the stage began, in seconds of this interview."""
    budget_s: float
    """The stage's time, as agreed."""
    cut_s: float
    """By how much the candidate shortened the whole interview."""
    asked: int
    """Questions asked in this stage."""
    heard_questions: int
    """The candidate's own questions in this stage."""
    open: OpenQuestion | None
    prompt: Prompt | None
    probe: PlannedProbe | None
    """The follow-up that was decided on and is still to be worded."""
    leaving: Leaving
    adding_to: str | None
    """Id of the earlier answer that the candidate is adding to."""
    paused: bool
    stopped: bool
    silences: int
    wait_s: float
    """Silence that the candidate asked for."""
    consent: NotRequired[Consent]
    """Of a script, once the candidate has said yes or no."""


class BoardRecord(TypedDict):
    """As `graphs.board.Board`, in plain values."""

    board: dict[str, object]
    at_s: float
    """When it was changed last, in seconds of this interview."""


class Undo(TypedDict):
    place: Place
    turns: int
    memory: int
    answers: int
    tail: list[AnswerRecord]
    """The last two answers before the last turn; no turn changes an earlier one."""


class StageMemory(TypedDict):
    """What a later stage may know of an earlier one."""

    stage: str
    name: str
    topics: list[str]
    project: str | None


class Event(TypedDict):
    """What a caller brings. `passed_s` is the time since the last event, pauses left out."""

    kind: Literal["hear", "amend", "silence", "reopen", "show", "keep"]
    text: str
    turn: str
    seconds: float
    passed_s: float
    shown: NotRequired[dict[str, object]]
    """As `graphs.board.Shown`, in plain values."""


class Line(TypedDict):
    """An utterance waiting to be spoken."""

    turn: str
    kind: UtteranceKind
    text: str
    question: str | None


class State(TypedDict):
    version: int
    session: str
    plan: dict[str, object]
    elapsed_s: float
    place: Place
    turns: list[TurnRecord]
    answers: list[AnswerRecord]
    memory: list[StageMemory]
    undo: Undo | None
    amended: list[str]
    """Ids of turns that joined an earlier one."""
    serial: int
    """Numbers the interviewer's turns; never reused, so that a withdrawn line keeps its number."""
    spoken: dict[str, int]
    """How often each kind of line was used, so that phrasings take turns."""
    event: Event | None
    intent: Intent
    route: Route
    outbox: list[Line]
    boards: NotRequired[dict[str, BoardRecord]]
    """By answer. No turn that is taken back takes back what was written."""


class Update(TypedDict, total=False):
    """What a node gives back."""

    version: int
    elapsed_s: float
    place: Place
    turns: list[TurnRecord]
    answers: list[AnswerRecord]
    memory: list[StageMemory]
    undo: Undo | None
    amended: list[str]
    serial: int
    spoken: dict[str, int]
    event: Event | None
    intent: Intent
    route: Route
    outbox: list[Line]
    boards: dict[str, BoardRecord]


def new_state(session: str, plan: Plan) -> State:
    place = Place(
        stage=-1,
        phase="agreement",
        began_s=0.0,
        budget_s=0.0,
        cut_s=0.0,
        asked=0,
        heard_questions=0,
        open=None,
        prompt=None,
        probe=None,
        leaving="begin",
        adding_to=None,
        paused=False,
        stopped=False,
        silences=0,
        wait_s=0.0,
    )
    return State(
        version=VERSION,
        session=session,
        plan=plan.model_dump(mode="json"),
        elapsed_s=0.0,
        place=place,
        turns=[],
        answers=[],
        memory=[],
        undo=None,
        amended=[],
        serial=0,
        spoken={},
        event=None,
        intent="answer",
        route="nothing",
        outbox=[],
        boards={},
    )


class PlaceChanges(TypedDict, total=False):
    """Any fields of `Place`."""

    stage: int
    phase: Phase
    began_s: float
    budget_s: float
    cut_s: float
    asked: int
    heard_questions: int
    open: OpenQuestion | None
    prompt: Prompt | None
    probe: PlannedProbe | None
    leaving: Leaving
    adding_to: str | None
    paused: bool
    stopped: bool
    silences: int
    wait_s: float
    consent: Consent


def moved(place: Place, **changes: Unpack[PlaceChanges]) -> Place:
    """A copy of `place` with some fields changed; the original is never touched."""
    return cast(Place, {**place, **changes})


def updated(state: State, update: Update) -> State:
    """The state as it will be after `update`."""
    return cast(State, {**state, **update})


def plan_of(state: State) -> Plan:
    return Plan.model_validate(state["plan"])


def open_answer(state: State) -> AnswerRecord | None:
    """The record of the question under way."""
    last = state["answers"][-1] if state["answers"] else None
    return last if last and not last["complete"] and state["place"]["open"] else None


def earlier_answer(state: State) -> AnswerRecord | None:
    """The record of the question before the one under way, in the same stage."""
    before = state["answers"][-2] if len(state["answers"]) > 1 else None
    return before if before and before["stage"] == state["answers"][-1]["stage"] else None


def words_of(state: State, answer: AnswerRecord) -> str:
    """The candidate's words for an answer, part by part."""
    texts = {turn["id"]: turn["text"] for turn in state["turns"] if turn["speaker"] == "candidate"}
    return "\n".join(texts[part] for part in answer["parts"])


def board_of(state: State, answer: AnswerRecord) -> Board | None:
    """What the candidate has written or drawn for an answer."""
    record = state.get("boards", {}).get(answer["id"])
    return Board.model_validate(record["board"]) if record else None
