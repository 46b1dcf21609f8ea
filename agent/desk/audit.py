"""Whether what the log says still holds: the chain itself, and each line in the candidates' folders behind it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.desk.log import Entry, Kind
from agent.desk.retention import expired
from agent.desk.review import REVIEW, Record
from agent.desk.screenings import CONSENT, INFO, Desk, Screening
from agent.errors import SessionError
from agent.grading import GradedAnswer
from agent.sessions import read_lines

WORDS: Mapping[Kind, str] = {"invited": "candidate's script", "shown": "level that was shown"}
"""What an entry vouches for, where its kind does not say it."""


@dataclass(frozen=True)
class Finding:
    entry: int
    """Number of the entry of the log; 0 for a line that no entry vouches for."""
    session: str
    why: str


@dataclass(frozen=True)
class Audit:
    entries: int
    head: str
    deleted: int
    """Sessions of which only the tombstone is left."""
    findings: list[Finding]


def audit(
    desk: Desk, *, expected_head: str | None = None, words: Mapping[str, Mapping[str, str]] | None = None
) -> Audit:
    """Everything that does not hold; the first broken entry comes first. Changes nothing.

    `words` has the hashes of each session's answers by question, to be held against what was rated.
    """
    findings: list[Finding] = []
    if broken := desk.log.verify():
        findings.append(Finding(broken.number, "", broken.why))
    entries, head = desk.log.entries(), desk.log.head
    if expected_head is not None and expected_head not in {head, *(entry.before for entry in entries)}:
        findings.append(Finding(0, "", "the log is another history than the one whose hash you kept"))
    there = {screening.id: screening for screening in desk.all()}
    damaged = {each.session.id: each.why for each in desk.damaged()}
    findings += [Finding(0, session, why) for session, why in damaged.items()]
    gone = {entry.session for entry in entries if entry.kind in ("deleted", "refused")}
    for entry in entries:
        if entry.kind == "invited" and entry.session not in {*gone, *there, *damaged}:
            findings.append(
                Finding(entry.number, entry.session, "the folder is gone, and nobody deleted it here")
            )
    for screening in there.values():
        own = [entry for entry in entries if entry.session == screening.id]
        findings += _records(screening, own, None if words is None else words.get(screening.id, {}))
    findings += [
        Finding(0, each.id, f"should have been deleted on {each.delete_after:%Y-%m-%d}")
        for each in expired(desk)
    ]
    return Audit(len(entries), head, len(gone), findings)


def _records(
    screening: Screening, entries: Sequence[Entry], words: Mapping[str, str] | None
) -> Iterator[Finding]:
    """What lies in a candidate's folder against the hashes that the log holds of it."""
    known = {entry.detail: entry for entry in entries if entry.detail}
    folder = screening.session.folder
    try:
        records = read_lines(folder / REVIEW, Record)
        grades = {graded.sha256 for graded in read_lines(folder / "grades.jsonl", GradedAnswer)}
    except SessionError as error:
        yield Finding(0, screening.id, str(error))
        return
    lines = {record.sha256 for record in records}
    files = {_sha256(folder / name) for name in (INFO, CONSENT) if (folder / name).exists()}
    for detail, entry in known.items():
        if detail not in lines | files:
            why = f"the {WORDS.get(entry.kind, entry.kind)} it vouches for was changed or is missing"
            yield Finding(entry.number, screening.id, why)
    for _ in lines - known.keys():
        yield Finding(0, screening.id, f"{REVIEW} has a line that the log does not know")
    kinds = {entry.kind for entry in entries}
    if "invited" not in kinds:
        yield Finding(0, screening.id, "is a candidate that the log does not know")
    if screening.consent is not None and "consent" not in kinds:
        yield Finding(0, screening.id, "has a consent that the log does not know")
    for record in records:
        what = f"{record.question}, {record.row}"
        if record.grade_sha256 and record.grade_sha256 not in grades:
            why = f"the machine's level of {what} that was shown was changed or is missing"
            yield Finding(0, screening.id, why)
        if words is not None and record.answer_sha256 not in ("", words.get(record.question)):
            yield Finding(0, screening.id, f"the answer to {what} is not the one that {record.by} rated")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
