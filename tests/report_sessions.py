"""Sessions on disk, as an interview leaves them: what the report's tests are built on."""

import wave
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agent.grading import GradedAnswer, text_sha256
from agent.report.build import build_report
from agent.report.material import Library, Material, gather
from agent.report.models import Report
from agent.sessions import Mode, Session, SessionInfo, append_durably, write_atomically
from agent.voice.words import SpokenTurn, Word
from graphs.models import Answer, Speaker, Turn, TurnKind, UtteranceKind, View
from knowledge.loader import Content, load_content
from rubrics.models import Check, Evidence, Grade, Interval, Row, RowGrade, Rubric

MADE = datetime(2026, 11, 5, 10, 0, tzinfo=UTC)
RATE_HZ = 16_000
SECONDS_A_WORD = 0.38
PAUSE_AFTER_SENTENCE_S = 0.9
RowGiven = tuple[float, Sequence[str]]
"""A level and the words quoted for it."""


@cache
def shipped_content() -> Content:
    return load_content("spotify-staff-ml")


class SessionBuilder:
    """Writes one session, turn by turn, with times as a recorder would give them."""

    def __init__(
        self, root: Path, *, mode: Mode = "spoken", stages: Sequence[str] = ("behavioral",), day: int = 5
    ) -> None:
        created = datetime(2026, 11, day, 9, 30, tzinfo=UTC)
        info = SessionInfo(
            id=f"{created:%Y%m%d-%H%M%S}-0abc",
            title="Behavioural and collaboration",
            mode=mode,
            created=created,
        )
        self.session = Session(root / info.id, info)
        self.session.folder.mkdir(parents=True)
        write_atomically(self.session.folder / "session.json", info.model_dump_json(indent=2))
        self.content = shipped_content()
        self.stages = list(stages)
        self.turns: list[Turn] = []
        self.answers: list[Answer] = []
        self.now_s = 1.0

    def say(
        self,
        speaker: Speaker,
        kind: UtteranceKind | TurnKind,
        text: str,
        *,
        stage: str | None = None,
        question: str | None = None,
        doubtful: Sequence[str] = (),
    ) -> Turn:
        turn = Turn(
            id=f"{'i' if speaker == 'interviewer' else 'c'}{len(self.turns) + 1}",
            speaker=speaker,
            kind=kind,
            text=text,
            stage=stage or self.stages[0],
            question=question,
        )
        self.turns.append(turn)
        if self.session.info.mode != "typed":
            append_durably(self.session.folder / "words.jsonl", self._spoken(turn, doubtful))
        return turn

    def _spoken(self, turn: Turn, doubtful: Sequence[str]) -> SpokenTurn:
        begin_s = self.now_s
        words = []
        for text in turn.text.split():
            p = 0.31 if text.strip(".,?!") in doubtful else 0.94
            end_s = self.now_s + SECONDS_A_WORD
            words.append(Word(text=text, start_s=round(self.now_s, 2), end_s=round(end_s, 2), p=p))
            self.now_s = end_s + (PAUSE_AFTER_SENTENCE_S if text[-1] in ".?!" else 0.0)
        self.now_s += 0.6
        return SpokenTurn(
            turn=turn.id, speaker=turn.speaker, start_s=begin_s, end_s=words[-1].end_s, words=words
        )

    def ask(
        self,
        question: str,
        *said: str,
        probes: Sequence[str] = (),
        complete: bool = True,
        skipped: bool = False,
        doubtful: Sequence[str] = (),
    ) -> Answer:
        """One question of the bank with what the candidate said to it and to each of `probes`."""
        topic, _, short = question.partition("/")
        found = next(q for q in self.content.banks[topic].questions if q.id == short)
        stage = self.content.topics[topic].stage
        self.say("interviewer", "question", found.text, stage=stage, question=question)
        parts = []
        for number, text in enumerate(said):
            if number:
                self.say("interviewer", "probe", probes[number - 1], stage=stage, question=question)
            parts.append(
                self.say("candidate", "answer", text, stage=stage, question=question, doubtful=doubtful)
            )
        answer = Answer(
            id=f"a{len(self.answers) + 1}",
            stage=stage,
            topic=topic,
            question=question,
            question_text=found.text,
            rows=found.rows,
            points=[f"{topic}/{p}" for p in found.points],
            parts=[turn.id for turn in parts],
            text="\n".join(said),
            complete=complete,
            skipped=skipped,
        )
        self.answers.append(answer)
        return answer

    def grade(
        self,
        answer: Answer,
        given: Mapping[str, Mapping[str, RowGiven]],
        *,
        flags: Sequence[str] = ("uncalibrated",),
        version: str = "1",
    ) -> GradedAnswer:
        """Grades by rubric and row; the evidence's offsets are looked up in the answer."""
        graded = GradedAnswer(
            answer=answer.id,
            text_sha256=text_sha256(answer),
            grades={
                rubric: Grade(
                    id=answer.id,
                    status="scored",
                    reason=None,
                    overall=_interval(sorted(level for level, _ in rows.values())[len(rows) // 2]),
                    rows={row: _row(answer, *one) for row, one in rows.items()},
                    rubric_version=version,
                    model="qwen2.5-coder-1.5b-instruct-q4_k_m",
                    flags=list(flags),
                )
                for rubric, rows in given.items()
            },
        )
        append_durably(self.session.folder / "grades.jsonl", graded)
        return graded

    def refuse(self, answer: Answer, rubric: str, reason: str, *, flags: Sequence[str] = ()) -> None:
        """A grade without a level."""
        row = RowGrade(level=None, low=None, high=None, status="unscored", reason=reason, evidence=[])
        grade = Grade(
            id=answer.id,
            status="unscored",
            reason=reason,
            overall=None,
            rows={name.partition(".")[2]: row for name in answer.rows if name.startswith(rubric)},
            rubric_version="1",
            model="qwen2.5-coder-1.5b-instruct-q4_k_m",
            flags=list(flags),
        )
        graded = GradedAnswer(answer=answer.id, text_sha256=text_sha256(answer), grades={rubric: grade})
        append_durably(self.session.folder / "grades.jsonl", graded)

    def record(self) -> None:
        """Both sides as tones at the times of their words: the candidate low, the interviewer high."""
        for side, prefix, pitch_hz in (("candidate", "c", 180), ("interviewer", "i", 260)):
            samples = np.zeros(int((self.now_s + 1) * RATE_HZ), np.int16)
            for line in (self.session.folder / "words.jsonl").read_text().splitlines():
                spoken = SpokenTurn.model_validate_json(line)
                for word in spoken.words if spoken.turn.startswith(prefix) else ():
                    start, end = round(word.start_s * RATE_HZ), round(word.end_s * RATE_HZ)
                    at = np.arange(end - start) / RATE_HZ
                    samples[start:end] = 6000 * np.sin(2 * np.pi * pitch_hz * at)
            with wave.open(str(self.session.folder / f"{side}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE_HZ)
                file.writeframes(samples.tobytes())

    def view(self, *, finished: bool = True) -> View:
        return View(
            session=self.session.id,
            loop="full",
            stages=self.stages,
            stage=None if finished else self.stages[0],
            question=None,
            question_text=None,
            turns=self.turns,
            answers=self.answers,
            paused=False,
            finished=finished,
            elapsed_s=self.now_s,
            budget_s=900.0,
            patience_s=1.2,
        )


def material(
    builder: SessionBuilder,
    *,
    finished: bool = True,
    earlier: Sequence[Report] = (),
    rubrics: Sequence[Rubric] = (),
) -> Material:
    """What is in the builder's session, with rubrics that are short enough to read."""
    content = builder.content
    library = Library(
        content.guide, content.topics, content.banks, {r.id: r for r in rubrics or (STAR, STAFF)}
    )
    return gather(builder.session, builder.view(finished=finished), library, earlier=list(earlier))


def report_of(builder: SessionBuilder, **options: Any) -> Report:
    return build_report(material(builder, **options), made=MADE)


def _interval(level: float) -> Interval:
    return Interval(level=level, low=max(1.0, level - 0.5), high=min(5.0, level + 0.5))


def _row(answer: Answer, level: float, quotes: Sequence[str]) -> RowGrade:
    found = [(quote, answer.text.index(quote)) for quote in quotes]
    interval = _interval(level)
    return RowGrade(
        level=interval.level,
        low=interval.low,
        high=interval.high,
        status="scored",
        reason=None,
        evidence=[Evidence(quote=q, start=at, end=at + len(q)) for q, at in found],
    )


def rubric(rubric_id: str, rows: Sequence[str], words: Sequence[str], *, version: str = "1") -> Rubric:
    """A rubric whose anchors say no more than which one they are."""
    return Rubric(
        id=rubric_id,
        version=version,
        title=rubric_id.capitalize(),
        levels=dict(enumerate(words, 1)),
        rows=[
            Row(
                id=row,
                title=row.capitalize(),
                about=f"The {row}.",
                anchors={level: f"{row} as level {level} has it" for level in range(1, 6)},
                checks=[
                    Check(id=f"check{letter}", level=level, ask=f"Is there {row}?")
                    for letter, level in zip("abc", (2, 3, 4), strict=True)
                ],
            )
            for row in rows
        ],
    )


STAR = rubric(
    "star",
    ["situation", "task", "action", "result", "reflection"],
    ["no story", "weak", "adequate", "strong", "exceptional"],
)
STAFF = rubric(
    "staff",
    ["ownership", "depth", "scale", "influence", "impact"],
    ["no evidence", "mid-level", "Senior", "Staff", "above Staff"],
)

STORY = (
    "Amara joined my search team three years ago and froze whenever she had to choose a label. "
    "I had promised our manager a project lead within a year. "
    "I gave her the negative sampling for our substitutes model and kept only the rollback rule. "
    "After fourteen months she was promoted, and accepted substitutes rose from 41 to 53 percent."
)
PROBED = "Two neighbouring squads took the three steps over within half a year."
WEAK = "I explained overfitting to a product manager once. We drew it on a whiteboard and it went well."


def practice_session(
    root: Path, *, mode: Mode = "spoken", day: int = 5, version: str = "1"
) -> SessionBuilder:
    """Two graded behavioural answers, the first one probed, and one that was skipped."""
    builder = SessionBuilder(root, mode=mode, day=day)
    builder.say("interviewer", "greeting", "Hello, I am an AI interviewer. Shall we start?")
    builder.say("candidate", "other", "Yes, please.")
    first = builder.ask(
        "mentorship/q1",
        STORY,
        PROBED,
        probes=["Has that engineer changed how others work?"],
        doubtful=["Amara", "substitutes"],
    )
    builder.grade(
        first,
        {
            "star": {
                "situation": (3.8, ["Amara joined my search team three years ago"]),
                "action": (4.1, ["I gave her the negative sampling for our substitutes model"]),
                "result": (4.4, ["accepted substitutes rose from 41 to 53 percent"]),
            },
            "staff": {"influence": (3.6, ["Two neighbouring squads took the three steps over"])},
        },
        version=version,
    )
    second = builder.ask("mentorship/q2", WEAK)
    builder.grade(
        second,
        {
            "star": {
                "situation": (2.6, ["I explained overfitting to a product manager once"]),
                "task": (1.4, []),
                "action": (2.4, ["We drew it on a whiteboard"]),
                "result": (1.8, ["it went well"]),
            }
        },
        version=version,
    )
    builder.ask("feedback/q1", skipped=True)
    return builder
