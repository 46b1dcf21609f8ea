"""Which of the embedded server's prompt caches a conversation may call its own.

A call that names a cache waits while another call is answered in it, so a cache is named only by the one conversation
of this machine that holds its lock. Whoever finds all of them taken names none, and the server chooses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from agent.language_server_process import SLOTS

_SHARED = 1
"""The first ones belong to no conversation."""


@contextmanager
def own_prompt_slot(folder: Path) -> Iterator[int | None]:
    """A slot that nobody else on this machine holds meanwhile; None where all are held."""
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(_SHARED, SLOTS):
        lock = FileLock(folder / f"slot-{slot}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        try:
            yield slot
        finally:
            lock.release()
        return
    yield None
