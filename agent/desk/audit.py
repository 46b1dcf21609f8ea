"""Whether what the log says still holds: the chain itself, and each line in the candidates' folders behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.desk.log import Entry
from agent.desk.review import REVIEW, Record
from agent.desk.screenings import Desk, Screening
from agent.errors import SessionError
from agent.sessions import read_lines


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


def audit(desk: Desk, *, expected_head: str | None = None) -> Audit:
    """Everything that does not hold; the first broken entry comes first. Changes nothing."""
    findings: list[Finding] = []
    if broken := desk.log.verify():
        findings.append(Finding(broken.number, "", broken.why))
    entries, head = desk.log.entries(), desk.log.head
    if expected_head is not None and expected_head not in {head, *(entry.before for entry in entries)}:
        findings.append(Finding(0, "", "the log is another history than the one whose hash you kept"))
    there = {screening.id: screening for screening in desk.all()}
    gone = {entry.session for entry in entries if entry.kind in ("deleted", "refused")}
    for entry in entries:
        if entry.kind == "invited" and entry.session not in gone and entry.session not in there:
            findings.append(
                Finding(entry.number, entry.session, "the folder is gone, and nobody deleted it here")
            )
    for screening in there.values():
        findings += _records(screening, [entry for entry in entries if entry.session == screening.id])
    return Audit(len(entries), head, len(gone), findings)


def _records(screening: Screening, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Lines of a candidate's review against the hashes that the log holds of them."""
    known = {entry.detail: entry for entry in entries if entry.detail}
    try:
        written = {record.sha256 for record in read_lines(screening.session.folder / REVIEW, Record)}
    except SessionError as error:
        yield Finding(0, screening.id, str(error))
        return
    for detail, entry in known.items():
        if detail not in written:
            yield Finding(
                entry.number, screening.id, f"the {entry.kind} it vouches for was changed or is missing"
            )
    for _ in written - known.keys():
        yield Finding(0, screening.id, f"{REVIEW} has a line that the log does not know")
    if screening.consent is not None and not any(entry.kind == "consent" for entry in entries):
        yield Finding(0, screening.id, "has a consent that the log does not know")
