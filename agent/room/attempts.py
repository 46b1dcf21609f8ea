"""Answers that were given again: the new attempt beside the old one, and the plan for another."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from agent.errors import SessionError
from agent.room.card import read_card
from agent.room.house import House
from agent.sessions import Session, SessionStore
from agent.starting import Wish, plan_for
from graphs.plan import Plan

_LOOP = "practice"


class _Loose(BaseModel):
    """A part of a stored report, of whichever version."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class LevelSummary(_Loose):
    level: float
    low: float
    high: float
    word: str


class RubricSummary(_Loose):
    rubric: str
    level: LevelSummary | None


class AnswerSummary(_Loose):
    number: int
    id: str
    stage: str
    topic: str
    question: str
    question_text: str
    status: str
    words: int
    levels: list[RubricSummary]


class Summary(_Loose):
    """What the room shows of a report."""

    finished: bool
    answers: list[AnswerSummary]
    titles: dict[str, str]
    """Of the rubrics, by id."""
    texts: dict[str, str]
    """What was said to each question, by answer id."""


@dataclass(frozen=True)
class Attempt:
    session: str
    when: str
    answer: AnswerSummary | None
    """None where it is not graded yet."""
    text: str
    titles: dict[str, str]


@dataclass(frozen=True)
class AskedAgain:
    title: str
    plan: Plan


def read_summary(session: Session) -> Summary | None:
    """None where there is no report that can be read."""
    try:
        report = json.loads((session.folder / "report.json").read_bytes())
        return Summary(
            finished=report["header"]["finished"],
            answers=report["answers"],
            titles={used["id"]: used["title"] for used in report["rubrics"]},
            texts={answer["id"]: _text(report, answer) for answer in report["answers"]},
        )
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def attempts_at(store: SessionStore, session: Session) -> list[list[Attempt]]:
    """For each answer of this session that was tried again, or is such a try itself: all attempts, oldest first."""
    tries: dict[str, list[Session]] = {}
    for other in reversed(store.list()):
        if (first := _first_attempt(other)) is not None:
            tries.setdefault(first, []).append(other)
    own = _first_attempt(session)
    wanted = [first for first in tries if first == own or first.startswith(f"{session.id}/")]
    return [_together(store, first, tries[first]) for first in wanted]


def question_of(house: House, session: Session, answer_id: str) -> AskedAgain:
    """A plan that asks just the question of that answer. Raises HTTPException 404."""
    summary = read_summary(session)
    answer = next((a for a in summary.answers if a.id == answer_id), None) if summary else None
    if answer is None:
        raise HTTPException(404, "There is no such answer in this session's report.")
    wish = Wish(_LOOP, [answer.stage], [answer.topic], 1, None, 0)
    plan = plan_for(house.settings, house.content.guide, wish)
    stages = [stage.model_copy(update={"only": [answer.question]}) for stage in plan.stages]
    return AskedAgain(f"Again: {answer.question_text}", plan.model_copy(update={"stages": stages}))


def _together(store: SessionStore, first: str, again: list[Session]) -> list[Attempt]:
    session_id, _, answer_id = first.partition("/")
    found = store.find(session_id)
    attempts = [_attempt(found, answer_id)] if found is not None else []
    return attempts + [_attempt(session, None) for session in again]


def _attempt(session: Session, answer_id: str | None) -> Attempt:
    """That answer, or the session's only one."""
    summary = read_summary(session)
    answers = summary.answers if summary is not None else []
    answer = next((a for a in answers if answer_id in (None, a.id)), None)
    return Attempt(
        session=session.id,
        when=session.info.created.astimezone().strftime("%d %B, %H:%M").lstrip("0"),
        answer=answer,
        text=summary.texts.get(answer.id, "") if summary is not None and answer is not None else "",
        titles=summary.titles if summary is not None else {},
    )


def _first_attempt(session: Session) -> str | None:
    """`SESSION/ANSWER` of which this session is another try."""
    try:
        card = read_card(session)
    except SessionError:
        return None
    return card.retries if card is not None else None


def _text(report: dict[str, Any], answer: dict[str, Any]) -> str:
    """The words of an answer: the candidate's turns from its question on."""
    said: list[str] = []
    question = ""
    for turn in report["transcript"]:
        if turn["kind"] == "question":
            question = turn["text"]
        elif turn["kind"] == "answer" and answer["question_text"] in question:
            said.append(turn["text"])
    return "\n".join(said)
