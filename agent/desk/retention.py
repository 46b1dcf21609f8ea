"""What is held about a candidate: all of it on request, none of it after a deletion or when its time is over.

A candidate's data lies in three places only: the session's folder, which has the recording, the transcript, the
checkpoints, consent, grades and review; exports, which are handed out and not kept; and the desk's log, which names the
session and nothing of its content. A deletion takes the folder and adds a tombstone to the log.
"""

import asyncio
import logging
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.desk.screenings import INFO, Desk, Screening
from agent.errors import SessionError, SessionOpenError
from agent.sessions import Session, SessionStore
from agent.settings import Settings

BETWEEN_S = 3600.0
log = logging.getLogger(__name__)


def export_all(desk: Desk, screening: Screening, target: Path, *, by: str) -> Path:
    """Everything held about one candidate as a ZIP archive, with their entries of the log."""
    own = desk.log.of(screening.id)
    path = desk.store.export(screening.session, target)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            f"{screening.id}/log.jsonl", "".join(f"{entry.model_dump_json()}\n" for entry in own)
        )
    try:
        desk.log.add("export", session=screening.id, script=screening.info.version, by=by)
    except SessionError:
        path.unlink()
        raise
    return path


def delete_all(desk: Desk, screening: Screening, *, by: str) -> None:
    """Delete everything about one candidate. The tombstone says that there was a session, when, and who deleted it."""
    desk.store.delete(screening.session)
    desk.log.add("deleted", session=screening.id, script=screening.info.version, by=by)


def export_session(store: SessionStore, session: Session, target: Path) -> Path:
    """All of a practice session. A candidate's is exported under somebody's name: it holds the machine's levels."""
    if (session.folder / INFO).exists():
        raise SessionError(
            f"{session.id} is of a candidate: export it at the desk, or: soundcheck script export {session.id}"
        )
    return store.export(session, target)


def delete_session(settings: Settings, session: Session, *, by: str) -> None:
    """Delete any session, a damaged one too; of a candidate's the desk's log keeps that it was deleted."""
    desk = Desk(settings)
    scripts = {entry.script for entry in desk.log.of(session.id)}
    if not scripts and (session.folder / INFO).exists():
        scripts = {"unknown"}
    desk.store.delete(session)
    for script in scripts:
        desk.log.add("deleted", session=session.id, script=script, by=by)


def expired(desk: Desk, now: datetime | None = None) -> list[Screening]:
    """Those whose retention period is over, and invitations that nobody took up."""
    at = now or datetime.now(UTC)
    return [screening for screening in desk.all() if screening.delete_after <= at]


def delete_expired(desk: Desk, now: datetime | None = None) -> list[str]:
    """Called whenever the desk is used. Returns the sessions that are gone; one that is being talked waits.

    Raises SessionError where one could not be deleted or noted, once all the others are gone.
    """
    gone, faults = [], []
    for screening in expired(desk, now):
        try:
            delete_all(desk, screening, by="retention period")
            gone.append(screening.id)
        except SessionOpenError:
            continue
        except SessionError as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return gone


async def delete_when_due(desk: Desk, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """For as long as a server runs, whether anybody looks at the desk or not."""
    while True:
        try:
            await asyncio.to_thread(delete_expired, desk)
        except SessionError as error:
            log.warning("retention: %s", error)
        await sleep(BETWEEN_S)


def leftovers(root: Path, words: Sequence[str], *, but: Sequence[Path] = ()) -> list[Path]:
    """Files under `root` that hold any of `words`, whatever their kind; SQLite's and archives' bytes are looked through
    as they are. For tests and for whoever wants to see for themselves."""
    wanted = [word.encode() for word in words]
    files = (path for path in root.rglob("*") if path.is_file() and path not in but)
    return [path for path in files if any(word in path.read_bytes() for word in wanted)]
