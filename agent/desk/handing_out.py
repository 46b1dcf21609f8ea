"""The candidates of one script version for other programs and for paper: people's ratings and decisions, with reasons.

The machine's level stands beside a person's only where that person has given theirs, as on the page.
"""

import csv
import io
from collections.abc import Sequence

from agent.desk.answers import shown
from agent.desk.review import VERDICTS, Review
from agent.desk.screenings import Model

COLUMNS = (
    "candidate", "session", "script", "question", "competency", "row", "status",
    "rating", "final", "override_reason", "machine", "decision", "decided_by", "reason",
)  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings, the full-width ones too, by which a spreadsheet takes a cell for a formula."""


class RatedRow(Model):
    """A line of the CSV file."""

    candidate: str
    session: str
    script: str
    question: str
    competency: str
    row: str
    status: str
    rating: int | None
    final: int | None
    override_reason: str
    machine: float | None
    decision: str
    decided_by: str
    reason: str


def rated_rows(reviews: Sequence[Review]) -> list[RatedRow]:
    """A machine's level that stands in it is noted in the log as shown."""
    found = []
    for review in reviews:
        info, decision = review.screening.info, review.decision
        for each in shown(review):
            for row in review.rows(each.answer):
                machine = review.machine(row.question, row.row) if row.rating is not None else None
                found.append(
                    RatedRow(
                        candidate=info.candidate,
                        session=review.screening.id,
                        script=info.version,
                        question=each.question.id,
                        competency=each.competency.id,
                        row=row.row,
                        status="skipped" if each.answer.skipped else "answered",
                        rating=row.rating,
                        final=row.final,
                        override_reason=row.override.reason if row.override else "",
                        machine=machine.level if machine else None,
                        decision=VERDICTS[decision.verdict] if decision and decision.verdict else "",
                        decided_by=decision.by if decision else "",
                        reason=review.reason,
                    )
                )
    return found


def as_csv(rows: Sequence[RatedRow]) -> str:
    """What a spreadsheet would take for a formula is written as text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in rows:
        values = row.model_dump()
        writer.writerow({name: _harmless(values[name]) for name in COLUMNS})
    return out.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in FORMULA else value
