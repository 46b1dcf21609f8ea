"""Takes in what the candidate writes and draws, and knows when they are still at it."""

from typing import Literal

from graphs.board import Board, Pad, Shown, changed, run_in_words, sketch_in_words
from graphs.deps import Deps
from graphs.models import PAD_KINDS
from graphs.state import (
    VERSION,
    AnswerRecord,
    BoardRecord,
    Event,
    OpenQuestion,
    State,
    TurnRecord,
    Update,
    board_of,
    open_answer,
)

AT_WORK_S = 60.0
"""So long after the last stroke a silent candidate is taken to be writing or drawing, and is left alone."""
READING_S = 180.0
"""Silence granted at first to someone who has a problem to read, and whenever they go on writing."""
MOST_PAD_TURNS = 200
"""More lines of the pad than this are not put into one interview's transcript; the board itself is always kept."""
PadKind = Literal["code", "run", "sketch"]


def pad_for(deps: Deps, stage: str, question: str) -> Pad | None:
    """Which pad a question has, if any."""
    if deps.pads is None:
        return None
    if question.partition("/")[2] in deps.pads.starters:
        return "code"
    return "sketch" if stage in deps.pads.sketched else None


def show(state: State, event: Event, elapsed_s: float) -> Update:
    """Store what is on the pad; a run of tests also becomes a line of the transcript. Nothing is said to it.

    What belongs to a question that is no longer open came too late, and changes nothing.
    """
    answer, shown = open_answer(state), Shown.model_validate(event.get("shown"))
    still = Update(elapsed_s=elapsed_s, intent="nothing", route="nothing")
    if answer is None or answer["question"] != shown.question:
        return still
    board = changed(board_of(state, answer) or Board(), shown)
    record = BoardRecord(board=board.model_dump(mode="json"), at_s=elapsed_s)
    turns = state["turns"]
    if shown.run is not None:
        turns = _with_line(turns, answer, "code", shown.run.code)
        turns = _with_line(turns, answer, "run", run_in_words(shown.run), always=True)
    boards = {**state.get("boards", {}), answer["id"]: record}
    return Update(**{**still, "version": VERSION, "boards": boards, "turns": turns})


def noted(state: State) -> list[TurnRecord]:
    """The transcript with what now stands on the pad, as far as that is new: what the candidate talks over."""
    answer = open_answer(state)
    board = board_of(state, answer) if answer else None
    turns = state["turns"]
    if answer is None or board is None:
        return turns
    if board.code:
        turns = _with_line(turns, answer, "code", board.code)
    if board.sketch is not None:
        turns = _with_line(turns, answer, "sketch", sketch_in_words(board.sketch))
    return turns


def pad_turns(turns: list[TurnRecord]) -> list[TurnRecord]:
    """Those that came from a pad."""
    return [turn for turn in turns if turn["kind"] in PAD_KINDS]


def at_work(state: State) -> bool:
    """Whether the candidate has written or drawn something just now."""
    answer = open_answer(state)
    record = state.get("boards", {}).get(answer["id"]) if answer else None
    return record is not None and state["elapsed_s"] - record["at_s"] < AT_WORK_S


def is_writing(state: State) -> bool:
    """Whether the question under way is one whose code the candidate has not finished."""
    current = state["place"]["open"]
    return current is not None and current.get("writing", False)


def solved(board: Board | None) -> bool:
    """Whether the code as it stands passes every visible test."""
    run = board.last_run if board else None
    return run is not None and bool(run.tests) and not run.failed


def written(current: OpenQuestion) -> OpenQuestion:
    """The open question once there is nothing left to write."""
    return OpenQuestion(**{**current, "writing": False}) if "writing" in current else current


def _with_line(
    turns: list[TurnRecord], answer: AnswerRecord, kind: PadKind, text: str, *, always: bool = False
) -> list[TurnRecord]:
    mine = pad_turns(turns)
    last = [t["text"] for t in mine if t["question"] == answer["question"] and t["kind"] == kind][-1:]
    if (last == [text] and not always) or len(mine) >= MOST_PAD_TURNS:
        return turns
    line = TurnRecord(
        id=f"b{len(mine) + 1}",
        speaker="candidate",
        kind=kind,
        text=text,
        stage=answer["stage"],
        question=answer["question"],
    )
    return [*turns, line]
