"""Candidates of a script. Everything about one lies in the folder of the session, beside the interview:

    screening.json   which script, and the recruiter's own reference for the candidate
    consent.json     what was agreed to, when; without it nothing of the session may be kept
    review.jsonl     ratings, overrides and the decision

The desk's log holds the hash of the two files and of each line of the third. A salt in each keeps that hash from giving
away a short text, such as a reference.

A reference is what the recruiter's own files call the candidate (an application number): no name is needed here.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.desk.log import DeskLog
from agent.errors import SessionError
from agent.sessions import Mode, Session, SessionStore, write_atomically
from agent.settings import Settings
from graphs.models import View
from graphs.plan import Plan
from graphs.scripted import plan_of_script
from knowledge.models import Fact
from knowledge.screening.loader import LoadedScript
from knowledge.screening.models import Script

M = TypeVar("M", bound=BaseModel)
INFO, CONSENT = "screening.json", "consent.json"
UNANSWERED_INVITATION_DAYS = 30
"""After so many days a session to whose consent nobody has said yes is deleted."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScreeningInfo(Model):
    """`screening.json`. It holds the whole script: the file may change, what this candidate is asked does not."""

    candidate: str
    version: str
    invited: datetime
    extra_time: bool
    script: Script
    facts: list[Fact] = Field(default_factory=list)
    salt: str = Field(default_factory=lambda: secrets.token_hex(16))


class ConsentRecord(Model):
    """`consent.json`."""

    given: datetime
    turn: str
    """The candidate's turn that gave it; its words are in the transcript."""
    words: str
    disclosure_sha256: str
    """Of the text that was agreed to."""
    version: str
    salt: str = Field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Damaged:
    """A candidate's session of which a file cannot be read."""

    session: Session
    why: str


@dataclass(frozen=True)
class Screening:
    session: Session
    info: ScreeningInfo
    consent: ConsentRecord | None

    @property
    def id(self) -> str:
        return self.session.id

    @property
    def delete_after(self) -> datetime:
        """When it has to be gone."""
        if self.consent is None:
            return self.info.invited + timedelta(days=UNANSWERED_INVITATION_DAYS)
        return self.consent.given + timedelta(days=self.info.script.retention_days)

    @property
    def plan(self) -> Plan:
        """What the conversation follows, whatever became of the script's file."""
        loaded = LoadedScript(self.info.script, tuple(self.info.facts), self.session.folder / INFO)
        return plan_of_script(loaded, extra_time=self.info.extra_time)


class Desk:
    """All screenings on this machine, and the log of what was done with them."""

    def __init__(self, settings: Settings) -> None:
        self.store = SessionStore(settings.sessions_dir)
        self.log = DeskLog(settings.data_dir / "desk")

    def invite(
        self, loaded: LoadedScript, candidate: str, *, mode: Mode, by: str, extra_time: bool = False
    ) -> Screening:
        """A session for one candidate. Nothing is asked before the consent."""
        candidate = " ".join(candidate.split())
        if not candidate:
            raise SessionError("--candidate: a reference is needed, e.g. the number of the application")
        for each in self.all():
            if (each.info.candidate, each.info.version) == (candidate, loaded.version):
                raise SessionError(
                    f"{candidate} has a session of {loaded.version} already: soundcheck script review shows it, "
                    f"soundcheck script run --resume {each.id} carries it on"
                )
        session = self.store.create(title=f"{loaded.script.title}: {candidate}", mode=mode)
        info = ScreeningInfo(
            candidate=candidate,
            version=loaded.version,
            invited=session.info.created,
            extra_time=extra_time,
            script=loaded.script,
            facts=list(loaded.facts),
        )
        try:
            detail = _write(session.folder / INFO, info)
            self.log.add("invited", session=session.id, script=loaded.version, by=by, detail=detail)
        except SessionError:
            self.store.delete(session)
            raise
        return Screening(session, info, None)

    def all(self) -> list[Screening]:
        """Newest first; without the damaged ones, which must not keep the others from being seen."""
        return [found for found in self._read() if isinstance(found, Screening)]

    def damaged(self) -> list[Damaged]:
        return [found for found in self._read() if isinstance(found, Damaged)]

    def _read(self) -> Iterator[Screening | Damaged | None]:
        for session in self.store.list():
            try:
                yield screening_of(session)
            except SessionError as error:
                yield Damaged(session, str(error))

    def get(self, session_id: str) -> Screening:
        """Raises SessionError where there is none."""
        for entry in self.log.of(session_id):
            if entry.kind in ("deleted", "refused"):
                raise SessionError(f"{session_id} was deleted on {entry.at:%Y-%m-%d}: nothing of it is left")
        session = self.store.get(session_id)
        found = screening_of(session)
        if found is None:
            raise SessionError(
                f"{session.id} is a practice session: soundcheck script review lists the screenings"
            )
        return found

    def note_consent(self, screening: Screening, view: View) -> Screening | None:
        """Record what the candidate said to the consent, once. None where it was refused: then nothing is left."""
        if view.consent == "refused":
            self.forget_refused(screening)
            return None
        if view.consent is None or screening.consent is not None:
            return screening
        turn = next(t for t in view.turns if t.speaker == "candidate" and agreed_by(t.id, view))
        disclosed = next(t for t in view.turns if t.kind == "greeting")
        consent = ConsentRecord(
            given=datetime.now(UTC),
            turn=turn.id,
            words=turn.text,
            disclosure_sha256=hashlib.sha256(disclosed.text.encode()).hexdigest(),
            version=screening.info.version,
        )
        detail = _write(screening.session.folder / CONSENT, consent)
        version = screening.info.version
        self.log.add("consent", session=screening.id, script=version, by="candidate", detail=detail)
        return Screening(screening.session, screening.info, consent)

    def forget_refused(self, screening: Screening) -> None:
        """The log keeps that this session was refused; who it was for is gone with it."""
        self.store.delete(screening.session)
        self.log.add("refused", session=screening.id, script=screening.info.version, by="candidate")


def agreed_by(turn: str, view: View) -> bool:
    """Whether a turn is the one that agreed: the last of the candidate's before the first question."""
    ids = [t.id for t in view.turns]
    first = next((i for i, t in enumerate(view.turns) if t.kind == "question"), len(ids))
    before = [t.id for t in view.turns[:first] if t.speaker == "candidate"]
    return bool(before) and before[-1] == turn


def screening_of(session: Session) -> Screening | None:
    """None of a session that follows no script. Raises SessionError where a file is damaged."""
    info = _read(session.folder / INFO, ScreeningInfo)
    return None if info is None else Screening(session, info, _read(session.folder / CONSENT, ConsentRecord))


def _read(path: Path, model: type[M]) -> M | None:
    try:
        return model.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        fix = f"restore it from a backup, or: soundcheck sessions delete {path.parent.name}"
        raise SessionError(f"{path}: damaged: {fix}") from error


def _write(path: Path, content: Model) -> str:
    """The hash of what is on the disk."""
    text = content.model_dump_json(indent=2)
    write_atomically(path, text)
    return hashlib.sha256(text.encode()).hexdigest()
