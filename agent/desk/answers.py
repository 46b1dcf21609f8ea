"""What a reviewer sees of a candidate: each answer beside its anchors, and the second at which each quote was said.

LangGraph and NumPy are imported where they are needed: the room's first page must not wait for them.
"""

from dataclasses import dataclass

from agent.desk.review import Review
from agent.desk.screenings import Screening
from agent.errors import SessionError
from agent.grading import text_sha256
from agent.sessions import read_lines
from agent.settings import Settings
from agent.voice.words import SpokenTurn
from graphs.deps import Deps
from graphs.errors import GraphError
from graphs.models import Answer, View
from knowledge.loader import load_content
from knowledge.screening.models import Competency, Question
from rubrics.models import RowGrade

AUDIO_LEAD_S = 0.5
"""Heard before a quote, so that its first word is not cut off."""


@dataclass(frozen=True)
class Shown:
    """An answer with the part of the script it belongs to."""

    answer: Answer
    question: Question
    competency: Competency


@dataclass(frozen=True)
class Quoted:
    """A quote of the machine's evidence; `at_s` is None of what was typed."""

    text: str
    at_s: float | None


async def view_of(settings: Settings, screening: Screening) -> View:
    """Where a candidate's interview stands. Raises SessionError where it has not begun."""
    from graphs.stored import load_view

    content = load_content(settings.guide)
    deps = Deps(guide=content.guide, topics=content.topics, banks=content.banks)
    view = await load_view(screening.session.database, deps, screening.id)
    if view is None:
        raise SessionError(f"{screening.id}: the conversation has not begun")
    return view


async def words_of(settings: Settings, screening: Screening) -> dict[str, str]:
    """Hash of the words of each answer as they stand now, by question; nothing where none can be read."""
    try:
        view = await view_of(settings, screening)
    except (SessionError, GraphError):
        return {}
    return {answer.question: text_sha256(answer) for answer in view.answers}


def shown(review: Review) -> list[Shown]:
    """Core answers in the script's order."""
    script = review.screening.info.script
    by_id = {f"{script.id}/{question.id}": question for question in script.questions}
    return [
        Shown(answer, question, script.competency(question))
        for answer in review.core
        if (question := by_id.get(answer.question))
    ]


def quotes(review: Review, answer: Answer, grade: RowGrade) -> list[Quoted]:
    """The evidence of one row, each quote with the second at which it begins in the candidate's recording."""
    from agent.report.hearing import Hearing, parts_of

    spoken = read_lines(review.screening.session.folder / "words.jsonl", SpokenTurn)
    hearing = Hearing(spoken, review.view.turns)
    texts = {turn.id: turn.text for turn in review.view.turns}
    found = []
    for evidence in grade.evidence:
        part = next((p for p in parts_of(answer, texts) if p.start <= evidence.start < p.end), None)
        at_s = hearing.at_s(part.turn, evidence.start - part.start) if part else None
        found.append(Quoted(evidence.quote, None if at_s is None else max(0.0, at_s - AUDIO_LEAD_S)))
    return found
