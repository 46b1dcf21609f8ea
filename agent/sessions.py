"""Sessions on disk: everything of one interview lies in one folder, so that deleting the folder deletes the interview.

<data>/sessions/<id>/
    session.json       what it is: title, mode, when it began
    interview.sqlite   the interview's state (LangGraph checkpoints): the store of truth
    grades.jsonl       one line for each graded answer
    candidate.wav      both sides of the conversation, on one timeline
    interviewer.wav
    words.jsonl        when each word was said
    latency.jsonl      where the time of each turn went
    coverage.jsonl     how near each answer came to the points its question invites
    sketch.svg         what was drawn, as a picture; further ones are sketch-2.svg ...
    report.*           made again at any time from the files above
"""

import errno
import json
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import SessionError, SessionOpenError

Mode = Literal["spoken", "typed", "demo"]
Row = TypeVar("Row", bound=BaseModel)
SESSION_ID = r"^\d{8}-\d{6}-[0-9a-f]{4}$"
LEAST_FREE_BYTES = 200 * 1024 * 1024
"""Room for about an hour of both sides' sound."""
_GLANCE_S = 0.2
"""Longer than `held` takes: nobody is refused a session because somebody else asks whether it is open."""


class SessionInfo(BaseModel):
    """`session.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    mode: Mode
    created: datetime


class Session:
    """One session's folder. Holds no open files; `locked` keeps a second process out."""

    def __init__(self, folder: Path, info: SessionInfo) -> None:
        self.folder = folder
        self.info = info

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def database(self) -> Path:
        return self.folder / "interview.sqlite"

    @property
    def held(self) -> bool:
        """Whether a process has it open right now."""
        try:
            with self.locked(within_s=0.0):
                return False
        except SessionOpenError:
            return True

    @contextmanager
    def locked(self, *, within_s: float = _GLANCE_S) -> Iterator[None]:
        """Hold the session for this process. Raises SessionOpenError where another one has it."""
        lock = FileLock(self.folder / ".lock", timeout=within_s)
        try:
            lock.acquire()
        except Timeout as error:
            raise SessionOpenError(
                f"session {self.id} is open in another window: close it there first"
            ) from error
        try:
            yield
        finally:
            lock.release()


class SessionStore:
    """The sessions under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __contains__(self, session_id: str) -> bool:
        return (self.root / session_id / "session.json").is_file()

    def create(self, *, title: str, mode: Mode, session_id: str | None = None) -> Session:
        """A new, empty session. Raises SessionError where the folder cannot be written or the disk is nearly full."""
        now = datetime.now(UTC).replace(microsecond=0)
        info = SessionInfo(
            id=session_id or f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            title=title,
            mode=mode,
            created=now,
        )
        folder = self.root / info.id
        try:
            folder.mkdir(parents=True)
            free_bytes = shutil.disk_usage(folder).free
            if free_bytes < LEAST_FREE_BYTES:
                folder.rmdir()
                raise SessionError(
                    f"{self.root}: only {free_bytes >> 20} MiB free, an interview needs {LEAST_FREE_BYTES >> 20} MiB: "
                    "free some, or set SOUNDCHECK_DATA_DIR to another disk"
                )
            write_atomically(folder / "session.json", info.model_dump_json(indent=2))
        except OSError as error:
            raise SessionError(
                f"{folder}: {error.strerror}: set SOUNDCHECK_DATA_DIR to a folder you can write"
            ) from error
        return Session(folder, info)

    def get(self, session_id: str) -> Session:
        """The session with that id, or the only one whose id begins so, or the newest for `last`."""
        known = self.list()
        if session_id == "last" and known:
            return known[0]
        found = [s for s in known if s.id == session_id] or [s for s in known if s.id.startswith(session_id)]
        if not session_id or len(found) != 1:
            what = "fits more than one session" if len(found) > 1 else "is no session"
            raise SessionError(f"'{session_id}' {what}: `soundcheck sessions list` shows them")
        return found[0]

    def find(self, session_id: str) -> Session | None:
        """The session with exactly that id, whatever somebody may have written there."""
        folder = self.root / session_id
        if re.fullmatch(SESSION_ID, session_id) is None or not folder.is_dir():
            return None
        return Session(folder, _read_info(folder))

    def list(self) -> list[Session]:
        """All sessions, newest first. A folder with a damaged session.json is listed from its name."""
        if not self.root.is_dir():
            return []
        folders = [f for f in self.root.iterdir() if f.is_dir() and re.fullmatch(SESSION_ID, f.name)]
        return [Session(f, _read_info(f)) for f in sorted(folders, reverse=True)]

    def delete(self, session: Session) -> None:
        """Delete everything of a session. Raises SessionError where it is open, or a file cannot be deleted."""
        with session.locked():
            try:
                shutil.rmtree(session.folder)
            except OSError as error:
                raise SessionError(
                    f"{error.filename}: {error.strerror}: not everything could be deleted"
                ) from error

    def export(self, session: Session, target: Path) -> Path:
        """Everything of a session as a ZIP archive at `target`."""
        partial = target.with_name(target.name + ".part")
        try:
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(p for p in session.folder.rglob("*") if p.is_file() and p.name != ".lock"):
                    archive.write(file, Path(session.id) / file.relative_to(session.folder))
            partial.replace(target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise SessionError(f"{target}: {error.strerror}") from error
        return target


def write_atomically(path: Path, text: str) -> None:
    """Replace `path` with `text`, so that a reader sees the old file or the new one, never half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise SessionError(f"{path}: the disk is full: free some space and try again") from error
        raise


def append_durably(path: Path, row: BaseModel) -> None:
    """Add one JSON line to `path` and wait until it is on the disk. A line cut short by a crash is dropped first."""
    try:
        with path.open("ab+") as file:
            _drop_broken_tail(path)
            file.write(row.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SessionError(f"{path}: {error.strerror}: nothing that was said before is lost") from error


def read_lines(path: Path, model: type[Row]) -> list[Row]:
    """The rows of a JSON-lines file; one that a crash cut short at the end is left out."""
    if not path.exists():
        return []
    rows = []
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            try:
                rows.append(model.model_validate_json(line))
            except ValidationError as error:
                raise SessionError(
                    f"{path}: line {len(rows) + 1} is damaged: delete that line, or the file"
                ) from error
    return rows


def _drop_broken_tail(path: Path) -> None:
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole != len(data):
        os.truncate(path, whole)


def _read_info(folder: Path) -> SessionInfo:
    try:
        return SessionInfo.model_validate_json((folder / "session.json").read_text(encoding="utf-8"))
    except (OSError, ValidationError, json.JSONDecodeError):
        created = datetime.strptime(folder.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        return SessionInfo(id=folder.name, title="(details damaged)", mode="spoken", created=created)
