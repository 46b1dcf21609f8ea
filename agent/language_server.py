"""The embedded language model server as its users see it: one process a machine and model, started on demand.

A user holds a lease, which is a shared lock on `users.lock`; the server watches that lock and goes a few seconds after
nobody holds it any more. The kernel drops the lock of a killed user, so no server is ever left behind. The server in
turn holds `server.lock` for as long as it lives, and writes its address to `server.json` once it can be asked.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from hashlib import sha256
from types import TracebackType
from typing import BinaryIO, Self
from urllib.request import ProxyHandler, build_opener

from filelock import FileLock, Timeout

from agent.errors import ServerError
from agent.language_server_process import SLOTS, ServerPlan, ServerState
from agent.models.store import Store
from agent.settings import Settings

_START_TIMEOUT_S = 180.0
_STEP_S = 0.05
_HEALTH_TIMEOUT_S = 5.0
_HEALTH_TRIES = 2
_LOG_TAIL_LINES = 12


class Lease:
    """A claim on a running server. While it is held the server stays; `ensure_running` brings a dead one back."""

    def __init__(self, plan: ServerPlan) -> None:
        self._plan = plan
        self._claim: BinaryIO | None = None
        self._state: ServerState | None = None
        plan.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo:
            undo.callback(self.close)
            self._claim = plan.users_lock.open("ab")
            fcntl.flock(self._claim, fcntl.LOCK_SH)
            self.ensure_running()
            undo.pop_all()

    @property
    def base_url(self) -> str:
        """Changes when the server had to be started again, and `api_key` with it."""
        return f"{self._running().address}/v1"

    @property
    def api_key(self) -> str:
        return self._running().api_key

    @property
    def pid(self) -> int:
        return self._running().pid

    def _running(self) -> ServerState:
        if self._state is None:
            raise ServerError("this lease of the language model server is closed")
        return self._state

    def ensure_running(self) -> None:
        """Finds the healthy server or starts one. Blocks for seconds while a model loads. Raises ServerError."""
        if self._claim is None:
            raise ServerError("this lease of the language model server is closed")
        try:
            with FileLock(self._plan.folder / "start.lock", timeout=_START_TIMEOUT_S):
                self._state = _healthy_server(self._plan) or _start(self._plan)
        except Timeout as error:
            raise ServerError(
                "another process has been starting the language model server for "
                f"{_START_TIMEOUT_S:.0f} s; see {self._plan.log}"
            ) from error

    def close(self) -> None:
        if self._claim is not None:
            self._claim.close()
        self._claim = self._state = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def ensure_server(settings: Settings) -> Lease:
    """A lease of the server of `settings.language_model`, started if need be. Raises ModelsError, ServerError.

    Blocks while the model loads; call it in a thread where a loop is running. The threads of a server are those of
    the settings that started it.
    """
    return Lease(plan_server(settings))


def plan_server(settings: Settings) -> ServerPlan:
    """One folder of locks for each model file; the same path with other bytes is another model.

    A server with another number of slots is another server too: its users count on theirs.
    """
    model = Store(settings).path(settings.language_model)
    stat = model.stat()
    key = sha256(f"{model}|{stat.st_size}|{stat.st_mtime_ns}|{SLOTS}".encode()).hexdigest()
    return ServerPlan(
        folder=settings.cache_dir / "run" / f"{model.stem[:40]}-{key[:12]}",
        model=model,
        threads=settings.threads or _default_threads(),
    )


def _default_threads() -> int:
    """All cores, but one is kept free where there are more than two."""
    cores = os.cpu_count() or 1
    return cores if cores <= 2 else cores - 1


def _healthy_server(plan: ServerPlan) -> ServerState | None:
    """The running server, if there is one; one that lives but does not answer is killed."""
    state = _read_state(plan)
    if not _is_alive(plan) or state is None:
        return None
    if any(_answers(state) for _ in range(_HEALTH_TRIES)):
        return state
    with suppress(ProcessLookupError):
        os.kill(state.pid, signal.SIGKILL)
    _wait_until_gone(plan)
    return None


def _start(plan: ServerPlan) -> ServerState:
    """Starts the process, or waits for one that is loading already because its starter was killed."""
    if not _is_alive(plan):
        _spawn(plan)
    deadline = time.monotonic() + _START_TIMEOUT_S
    while _is_alive(plan):
        state = _read_state(plan)
        if state is not None and _answers(state):
            return state
        if time.monotonic() > deadline:
            break
        time.sleep(_STEP_S)
    raise ServerError(
        f"the language model server does not start with {plan.model}. Check the file (soundcheck models verify), the "
        f"free memory, and SOUNDCHECK_LANGUAGE_MODEL; or set SOUNDCHECK_OPENAI_BASE_URL to use another server. The "
        f"end of {plan.log}:\n{_log_tail(plan)}"
    )


def _spawn(plan: ServerPlan) -> None:
    """Returns when the server holds its lock. Its own session: Ctrl-C here does not end what others use."""
    plan.state.unlink(missing_ok=True)
    if plan.log.exists():
        plan.log.replace(plan.log.with_suffix(".previous.log"))
    with plan.log.open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "agent.language_server_process", plan.model_dump_json()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=plan.folder,
            start_new_session=True,
            check=False,
        )


def _read_state(plan: ServerPlan) -> ServerState | None:
    try:
        return ServerState.model_validate_json(plan.state.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _is_alive(plan: ServerPlan) -> bool:
    """Whether the process holds its lock; unlike a process id, this cannot mean somebody else."""
    with plan.server_lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _wait_until_gone(plan: ServerPlan) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while _is_alive(plan):
        if time.monotonic() > deadline:
            raise ServerError(
                f"a language model server neither answers nor ends: end it by hand; see {plan.log}"
            )
        time.sleep(_STEP_S)


def _answers(state: ServerState) -> bool:
    """Never through a proxy: the server is on this machine."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{state.address}/health", timeout=_HEALTH_TIMEOUT_S) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _log_tail(plan: ServerPlan) -> str:
    lines = plan.log.read_text("utf-8", errors="replace").splitlines() if plan.log.exists() else []
    return "\n".join(lines[-_LOG_TAIL_LINES:]) or "(empty)"
