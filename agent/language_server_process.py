"""The process that serves one language model: llama.cpp's own server, on a free port of the loopback address.

Started by `agent.language_server` and by nothing else. It lives as long as somebody holds the shared lock on
`users.lock`, and a little longer. It logs how it starts and what fails, never a prompt.
"""

import fcntl
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, BinaryIO

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from xllamacpp import Server

_WATCH_EVERY_S = 0.25
_LOCK_PATIENCE_S = 2.0
_PROMPT_CACHE_MIB = 1024
_BATCH_TOKENS = 64
"""Of a prompt that are read before the server looks up; a dropped call costs an urgent one at most this wait."""
_LOG_WARNINGS = 2
_NICENESS = 5
"""Recognition and the voice come first on the same cores: what is got ready while somebody speaks can wait for them."""
SLOTS = 4
"""Prompts that stay in the cache side by side: the grader's, and those of three conversations."""


class ServerPlan(BaseModel):
    """What a server process is told, as JSON on its command line."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    """Locks, address and log of this server."""
    model: Path
    threads: int
    slots: int = SLOTS
    slot_context_tokens: int = 6144
    linger_s: float = 5.0
    """How long the server stays when its last user has gone."""

    @property
    def users_lock(self) -> Path:
        return self.folder / "users.lock"

    @property
    def server_lock(self) -> Path:
        return self.folder / "server.lock"

    @property
    def state(self) -> Path:
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"


class ServerState(BaseModel):
    """What a running server tells its users. The key keeps web pages and other accounts of this machine out."""

    model_config = ConfigDict(frozen=True)

    pid: int
    address: str
    api_key: str


def main() -> None:
    """Returns to its starter once the lock is held; the child keeps it and serves, with no parent to wait for it."""
    plan = ServerPlan.model_validate_json(sys.argv[1])
    with plan.server_lock.open("ab") as alive:
        if not _lock_soon(alive):
            return
        plan.state.unlink(missing_ok=True)
        if os.fork() > 0:
            os._exit(0)
        signal.signal(signal.SIGTERM, _leave)
        os.nice(_NICENESS)
        api_key = secrets.token_urlsafe(24)
        try:
            server = start_server(plan, api_key)
        except RuntimeError as error:
            sys.exit(f"{plan.model}: {error}")
        except ImportError as error:
            sys.exit(
                f"xllamacpp cannot be loaded: {error} (libgomp is the package libgomp1 on Debian and Ubuntu)"
            )
        _publish(plan, ServerState(pid=os.getpid(), address=server.listening_address, api_key=api_key))
        _serve_while_used(plan)


def start_server(plan: ServerPlan, api_key: str) -> "Server":
    """Loads the model and listens. Raises RuntimeError where the model cannot be loaded; the log says why.

    Threads that wait must sleep, not spin: beside speech recognition on the same cores, spinning writes 1 token a
    second where sleeping writes 7. OpenMP reads this when the library is loaded.
    """
    os.environ["OMP_WAIT_POLICY"] = "passive"
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(plan.model)
    params.model_alias = {plan.model.stem}
    params.n_parallel = plan.slots
    params.n_ctx = plan.slots * plan.slot_context_tokens
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.cpuparams.n_threads = plan.threads
    params.cpuparams_batch.n_threads = plan.threads
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [api_key]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = _LOG_WARNINGS
    return xllamacpp.Server(params)


def _publish(plan: ServerPlan, state: ServerState) -> None:
    """The state appears whole or not at all, and only this account can read it."""
    fresh = plan.state.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(state.model_dump_json(), "utf-8")
    fresh.replace(plan.state)


def _serve_while_used(plan: ServerPlan) -> None:
    """Returns with `users.lock` held, so that a user who comes now waits until this process has gone."""
    with plan.users_lock.open("ab") as users:
        unused_since: float | None = None
        while True:
            time.sleep(_WATCH_EVERY_S)
            if not _try_lock(users):
                unused_since = None
                continue
            unused_since = unused_since or time.monotonic()
            if time.monotonic() - unused_since >= plan.linger_s:
                plan.state.unlink(missing_ok=True)
                os._exit(0)
            fcntl.flock(users, fcntl.LOCK_UN)


def _lock_soon(file: BinaryIO) -> bool:
    """Tries for a moment, because others take this lock for an instant to see whether a server lives."""
    deadline = time.monotonic() + _LOCK_PATIENCE_S
    while not (locked := _try_lock(file)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return locked


def _try_lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _leave(signum: int, frame: FrameType | None) -> None:
    os._exit(0)


if __name__ == "__main__":
    main()
