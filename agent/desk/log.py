"""What happened at the desk, in a log to which one can only add: every entry holds the hash of the one before.

<data>/desk/log.jsonl    one entry a line
<data>/desk/head.json    how many entries there are, and the hash of the last one

The log holds no words of candidates, no levels and no reasons: those lie in the candidate's own folder, and the entry
holds their hash. So a candidate can be deleted and the chain still holds. Whoever can write both files can write a new
history from the start: keep the hash that `soundcheck script audit` prints elsewhere to rule that out.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import SessionError
from agent.sessions import append_durably, write_atomically

Kind = Literal[
    "invited", "consent", "refused", "rating", "shown", "override", "decision", "export", "deleted"
]
"""`refused` after `consent` is one that was taken back."""
NOTHING = "0" * 64
"""The hash before the first entry."""


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    at: datetime
    kind: Kind
    session: str
    script: str
    by: str
    """The person at the desk, or `candidate`."""
    detail: str
    """Hash of the line or file in the candidate's folder that says what; empty where there is none."""
    before: str


class Head(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    entries: int
    sha256: str


@dataclass(frozen=True)
class Broken:
    """The first entry that does not hold."""

    number: int
    why: str


class DeskLog:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "log.jsonl"
        self._head = folder / "head.json"
        self._lock = folder / ".lock"

    def add(self, kind: Kind, *, session: str, script: str, by: str, detail: str = "") -> Entry:
        """Raises SessionError where the log is broken: nothing is added to a history that does not hold."""
        try:
            with self._alone():
                lines = self._lines()
                if broken := self._broken(lines):
                    raise SessionError(
                        f"{self.path}: entry {broken.number}: {broken.why}: nothing can be added"
                    )
                if (head := self._read_head()) is not None and head.entries < len(lines):
                    self._note_head(lines[-1], len(lines))
                entry = Entry(
                    number=len(lines) + 1,
                    at=datetime.now(UTC),
                    kind=kind,
                    session=session,
                    script=script,
                    by=by,
                    detail=detail,
                    before=_sha256(lines[-1]) if lines else NOTHING,
                )
                append_durably(self.path, entry)
                with suppress(OSError, SessionError):  # the next entry notes it first
                    self._note_head(entry.model_dump_json().encode(), entry.number)
                return entry
        except OSError as error:
            raise SessionError(f"{self.path}: {error.strerror}: make the folder writable") from error

    def entries(self) -> list[Entry]:
        """Those that can be read, in order."""
        return [entry for line in self._lines() if (entry := _parsed(line)) is not None]

    def of(self, session: str) -> list[Entry]:
        """Those about one session. Lines about others are not even read."""
        lines = (line for line in self._lines() if session.encode() in line)
        return [e for line in lines if (e := _parsed(line)) is not None and e.session == session]

    def verify(self) -> Broken | None:
        with self._alone():
            return self._broken(self._lines())

    @property
    def head(self) -> str:
        """The hash of the last entry: kept elsewhere, it proves that nothing before it was changed."""
        lines = self._lines()
        return _sha256(lines[-1]) if lines else NOTHING

    def _broken(self, lines: Sequence[bytes]) -> Broken | None:
        before = NOTHING
        for number, line in enumerate(lines, start=1):
            entry = _parsed(line)
            if entry is None:
                return Broken(number, "cannot be read")
            if entry.number != number:
                return Broken(
                    number, f"is numbered {entry.number}: an entry before it is missing or was put in"
                )
            if entry.before != before:
                return Broken(number, "does not follow from the entry before it, one of the two was changed")
            before = _sha256(line)
        return self._unlike_head(lines)

    def _unlike_head(self, lines: Sequence[bytes]) -> Broken | None:
        """A head that is one entry behind is what a crash leaves."""
        head = self._read_head()
        if head is None:
            return Broken(1, f"{self._head.name} is missing or damaged") if len(lines) > 1 else None
        if len(lines) < head.entries:
            return Broken(len(lines) + 1, f"is missing: there were {head.entries} entries")
        if head.entries and _sha256(lines[head.entries - 1]) != head.sha256:
            return Broken(head.entries, f"is not the one that {self._head.name} names")
        if len(lines) > head.entries + 1:
            return Broken(head.entries + 2, f"is unknown to {self._head.name}")
        return None

    def _note_head(self, last: bytes, number: int) -> None:
        write_atomically(self._head, Head(entries=number, sha256=_sha256(last)).model_dump_json())

    def _lines(self) -> list[bytes]:
        """Without what a crash or a full disk left of a line that was never finished."""
        written = self.path.read_bytes() if self.path.exists() else b""
        return written[: written.rfind(b"\n") + 1].splitlines()

    def _read_head(self) -> Head | None:
        try:
            return Head.model_validate_json(self._head.read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            yield


def _parsed(line: bytes) -> Entry | None:
    try:
        return Entry.model_validate_json(line)
    except ValidationError:
        return None


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
