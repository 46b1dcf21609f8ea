"""What a report is built from. Nothing here is computed; `gather` reads it from the session's folder."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agent.code_runs import Suites
from agent.grading import GradedAnswer, read_grades
from agent.report.hearing import Hearing
from agent.report.models import Report
from agent.sessions import Session, SessionInfo, read_lines
from agent.voice.latency import TurnLatency
from agent.voice.words import SpokenTurn
from graphs.models import View
from knowledge.models import CodingProblem, Guide, QuestionBank, Topic
from rubrics.models import Rubric


class PointCover(BaseModel):
    """A line of `coverage.jsonl`: how near an answer came to the points its question invites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: str
    text_sha256: str
    similarity: dict[str, float]
    covered_from: float
    """The similarity from which a point counts as mentioned."""


@dataclass(frozen=True)
class Library:
    """The content that a session was conducted and graded with, by id."""

    guide: Guide
    topics: Mapping[str, Topic]
    banks: Mapping[str, QuestionBank]
    rubrics: Mapping[str, Rubric]
    problems: Mapping[str, CodingProblem] = field(default_factory=dict)
    suites: Suites = lambda problem: {}
    """The tests of a coding problem."""


@dataclass(frozen=True)
class Material:
    info: SessionInfo
    view: View
    library: Library
    grades: Mapping[str, GradedAnswer]
    cover: Mapping[str, PointCover]
    hearing: Hearing
    replies_s: Sequence[float] = ()
    """Seconds from the candidate's last sound to the interviewer's first, of each turn."""
    earlier: list[Report] = field(default_factory=list)
    """Reports of earlier sessions, oldest first."""
    sha256: Mapping[str, str] = field(default_factory=dict)


def gather(
    session: Session,
    view: View,
    library: Library,
    *,
    grades: Mapping[str, GradedAnswer] | None = None,
    earlier: list[Report],
) -> Material:
    """Read what is stored. `grades` stand in for the stored ones where some could not be stored.

    Raises SessionError where a file of the session is damaged.
    """
    folder = session.folder
    spoken = read_lines(folder / "words.jsonl", SpokenTurn)
    names = (
        "session.json",
        "grades.jsonl",
        "words.jsonl",
        "coverage.jsonl",
        "candidate.wav",
        "interviewer.wav",
    )
    return Material(
        info=session.info,
        view=view,
        library=library,
        grades=read_grades(session) if grades is None else grades,
        cover={row.answer: row for row in read_lines(folder / "coverage.jsonl", PointCover)},
        hearing=Hearing(spoken, view.turns),
        replies_s=[
            turn.first_sound_s
            for turn in read_lines(folder / "latency.jsonl", TurnLatency)
            if turn.first_sound_s is not None
        ],
        earlier=earlier,
        sha256={
            "transcript": hashlib.sha256(transcript_lines(view).encode()).hexdigest(),
            **{name: _sha256(folder / name) for name in names if (folder / name).is_file()},
        },
    )


def transcript_lines(view: View) -> str:
    """The transcript as JSON lines."""
    return "".join(turn.model_dump_json() + "\n" for turn in view.turns)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
