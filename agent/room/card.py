"""What the room keeps of a session beside the interview itself: `room.json` in its folder."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import SessionError
from agent.sessions import Session, write_atomically
from agent.voice.patience import Setting
from graphs.plan import Plan


class Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    consented: datetime
    """When the candidate agreed to being recorded by an AI interviewer."""
    patience: Setting
    plan: Plan | None
    """By which the interview begins; once it has begun, what it has stored counts. None of one begun elsewhere."""
    retries: str | None = None
    """`SESSION/ANSWER`: the answer that is given anew here."""


def write_card(session: Session, card: Card) -> None:
    write_atomically(_path(session), card.model_dump_json(indent=2))


def read_card(session: Session) -> Card | None:
    """None where the session did not begin in the room. Raises SessionError where the file is damaged."""
    try:
        return Card.model_validate_json(_path(session).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise SessionError(f"{_path(session)}: damaged: delete that file to carry on without it") from error


def _path(session: Session) -> Path:
    return session.folder / "room.json"
