"""One candidate under review. A person rates each answer before the machine's level is shown, and a person decides.

The order is kept here and not in a page: `machine` gives nothing away for a row that the reviewer has not rated.
"""

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypedDict, Unpack

from agent.desk.log import Kind
from agent.desk.screenings import Desk, Model, Screening
from agent.errors import SessionError
from agent.grading import GradedAnswer, read_grades, text_sha256
from agent.sessions import append_durably, read_lines
from graphs.models import Answer, View
from rubrics.models import RowGrade

Verdict = Literal["go-on", "decline", "talk-to-a-person"]
VERDICTS: dict[Verdict, str] = {
    "go-on": "goes on to the next stage",
    "decline": "does not go on",
    "talk-to-a-person": "a person talks to the candidate first",
}
REVIEW = "review.jsonl"
LEAST_REASON_WORDS = 3
NOT_PEOPLE = ("candidate", "retention period", "the room")


class Record(Model):
    """A line of `review.jsonl`. `salt` keeps the hash in the log from giving a short text away."""

    kind: Kind
    at: datetime
    by: str
    question: str = ""
    row: str = ""
    level: int | None = None
    verdict: Verdict | None = None
    reason: str = ""
    answer_sha256: str = ""
    """Of a rating: the words that were rated."""
    grade_sha256: str = ""
    """Of what was shown: the line of `grades.jsonl`."""
    salt: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class _What(TypedDict, total=False):
    question: str
    row: str
    level: int
    verdict: Verdict
    reason: str
    answer_sha256: str
    grade_sha256: str


@dataclass(frozen=True)
class RowReview:
    """One row of one answer, as one reviewer may see it."""

    question: str
    row: str
    rating: int | None
    """The reviewer's own, from before the machine's level was shown."""
    override: Record | None
    machine: RowGrade | None
    """None until the reviewer has rated the row, or where nothing was graded."""

    @property
    def final(self) -> int | None:
        """What counts: a person's level. The machine's never does."""
        return self.override.level if self.override else self.rating


class Review:
    """`view` is where the candidate's interview stands; `by` is the person who looks at it."""

    def __init__(self, desk: Desk, screening: Screening, view: View, *, by: str) -> None:
        if screening.consent is None:
            raise SessionError(f"{screening.id}: the candidate has not agreed: there is nothing to review")
        if not by.strip():
            raise SessionError("a review needs the name of the person who does it")
        if by.strip().casefold() in NOT_PEOPLE:
            raise SessionError(f"{by.strip()}: stands for something else in the log: use your own name")
        self.screening, self.view, self.by = screening, view, by.strip()
        self._desk = desk
        self._path = screening.session.folder / REVIEW
        self._grades: dict[str, GradedAnswer] = read_grades(screening.session)
        logged = desk.log.of(screening.id)
        vouched = {entry.detail for entry in logged}
        written = read_lines(self._path, Record)
        self._records = [record for record in written if record.sha256 in vouched]
        self.unvouched = len(written) - len(self._records)
        """Lines of `review.jsonl` that were changed or put in past the desk."""
        self.exported = any(entry.kind == "export" and entry.by == self.by for entry in logged)
        """Whether this person has had all of it, with the machine's levels, in an archive."""

    @property
    def core(self) -> list[Answer]:
        """Answers to core questions, skipped ones too."""
        return [answer for answer in self.view.answers if answer.rows]

    @property
    def knockouts(self) -> list[Answer]:
        return [answer for answer in self.view.answers if not answer.rows]

    @property
    def enough(self) -> bool:
        """Whether a recommendation may rest on the conversation at all, by the script's own rule."""
        answered = [answer for answer in self.core if not answer.skipped]
        return len(answered) >= self.screening.info.script.insufficient_evidence.answered_at_least

    @property
    def rated(self) -> bool:
        """Whether this person has rated every row of every answer."""
        return all(
            row.rating is not None for answer in self.core if not answer.skipped for row in self.rows(answer)
        )

    def rows(self, answer: Answer) -> list[RowReview]:
        return [self._row(answer, row) for row in answer.rows]

    def rate(self, question: str, row: str, level: int, reason: str = "") -> None:
        """The reviewer's own level. Raises SessionError once the machine's has been shown: then it is an override."""
        answer, found = self._answer(question), self._row(self._answer(question), row)
        if answer.skipped:
            raise SessionError(f"{question}: was skipped: there is nothing to rate")
        if self.exported:
            raise SessionError(
                "you have exported this candidate's data, which hold the machine's levels: somebody else has to rate"
            )
        if found.rating is not None:
            raise SessionError(f"{question}, {row}: is rated already: override it with a reason")
        words = text_sha256(answer)
        self._write(
            "rating", question=question, row=row, level=_level(level), reason=reason, answer_sha256=words
        )

    def machine(self, question: str, row: str) -> RowGrade | None:
        """The machine's level, which is logged as shown. Raises SessionError before the reviewer has rated the row."""
        answer, found = self._answer(question), self._row(self._answer(question), row)
        if found.rating is None:
            raise SessionError(f"{question}, {row}: give your own level first")
        graded = self._graded(answer)
        line = graded.sha256 if graded else ""
        if (question, row, line) not in {
            (r.question, r.row, r.grade_sha256) for r in self._mine() if r.kind == "shown"
        }:
            self._write("shown", question=question, row=row, grade_sha256=line)
        return self._grade(answer, row)

    def override(self, question: str, row: str, level: int, reason: str) -> None:
        """Change one's own level, after having seen the machine's or not. Both stay in the log."""
        if self._row(self._answer(question), row).rating is None:
            raise SessionError(f"{question}, {row}: is not rated yet: rate it first")
        self._write("override", question=question, row=row, level=_level(level), reason=_reason(reason))

    def decide(self, verdict: Verdict, reason: str) -> None:
        """A person's decision, after rating everything. Too little evidence leaves only a conversation."""
        if not self.view.finished:
            raise SessionError(f"{self.screening.id}: the conversation has not ended")
        if not self.rated:
            raise SessionError(f"{self.screening.id}: rate every answer before you decide")
        if not self.enough and verdict != "talk-to-a-person":
            rule = self.screening.info.script.insufficient_evidence
            raise SessionError(
                f"{self.screening.id}: fewer than {rule.answered_at_least} answers: {rule.then} "
                "Only `talk-to-a-person` can be decided"
            )
        self._write("decision", verdict=verdict, reason=_reason(reason))

    @property
    def decision(self) -> Record | None:
        """The last one, whoever made it."""
        return next((r for r in reversed(self.records()) if r.kind == "decision"), None)

    @property
    def reason(self) -> str:
        """Of the decision. Somebody else's may tell the machine's levels, and is kept back until one has rated."""
        made = self.decision
        if made is None or self.rated or made.by == self.by:
            return made.reason if made else ""
        return "(to be read once you have rated every answer)"

    def records(self) -> list[Record]:
        """Only what the desk's log vouches for counts."""
        return self._records

    def level_of(self, competency: str) -> float | None:
        """The reviewer's level of a competency: the mean of its rows' final levels; None where one is missing."""
        levels = [
            row.final for answer in self.core if answer.topic == competency for row in self.rows(answer)
        ]
        known = [level for level in levels if level is not None]
        return sum(known) / len(known) if known and len(known) == len(levels) else None

    def _row(self, answer: Answer, row: str) -> RowReview:
        if row not in answer.rows:
            raise SessionError(f"{answer.question}: is not about {row}: use one of {', '.join(answer.rows)}")
        own = [r for r in self._mine() if (r.question, r.row) == (answer.question, row)]
        rating = next((r.level for r in own if r.kind == "rating"), None)
        override = next((r for r in reversed(own) if r.kind == "override"), None)
        machine = self._grade(answer, row) if rating is not None else None
        return RowReview(answer.question, row, rating, override, machine)

    def _graded(self, answer: Answer) -> GradedAnswer | None:
        graded = self._grades.get(answer.id)
        return graded if graded is not None and graded.text_sha256 == text_sha256(answer) else None

    def _grade(self, answer: Answer, row: str) -> RowGrade | None:
        graded = self._graded(answer)
        if graded is None:
            return None
        rubric, _, own = row.partition(".")
        grade = graded.grades.get(rubric)
        return grade.rows.get(own) if grade else None

    def _answer(self, question: str) -> Answer:
        found = next((answer for answer in self.core if answer.question == question), None)
        if found is None:
            known = ", ".join(answer.question for answer in self.core)
            raise SessionError(f"{question}: is no core question with an answer: use one of {known}")
        return found

    def _mine(self) -> list[Record]:
        return [record for record in self.records() if record.by == self.by]

    def _write(self, kind: Kind, **what: Unpack[_What]) -> None:
        """The candidate's folder first, so that the log never holds a hash of nothing; both, or neither."""
        record = Record(kind=kind, at=datetime.now(UTC), by=self.by, salt=secrets.token_hex(16), **what)
        size = self._path.stat().st_size if self._path.exists() else 0
        append_durably(self._path, record)
        try:
            self._desk.log.add(
                record.kind,
                session=self.screening.id,
                script=self.screening.info.version,
                by=self.by,
                detail=record.sha256,
            )
        except SessionError:
            os.truncate(self._path, size)
            raise
        self._records.append(record)


def ranked(reviews: Sequence[Review]) -> list[tuple[Review, float]]:
    """Candidates by their reviewer's own levels, highest first. Whoever is not fully rated by a person is not in it."""
    found = []
    for review in reviews:
        levels = [review.level_of(competency.id) for competency in review.screening.info.script.competencies]
        known = [level for level in levels if level is not None]
        if review.rated and known:
            found.append((review, sum(known) / len(known)))
    return sorted(found, key=lambda pair: -pair[1])


def _level(level: int) -> int:
    if level not in range(1, 6):
        raise SessionError(f"level {level}: use a whole number from 1 to 5")
    return level


def _reason(reason: str) -> str:
    if len(reason.split()) < LEAST_REASON_WORDS:
        raise SessionError("a reason is needed: say in a sentence what it rests on")
    return reason.strip()
