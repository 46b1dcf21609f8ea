"""One server for all who use it: started once, brought back when it dies, gone with its last user."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import ServerError
from agent.language_server import Lease, plan_server
from agent.language_server_process import ServerPlan, ServerState
from agent.models.store import Store
from agent.settings import Settings

USER = """
import sys
from agent.language_server import Lease
from agent.language_server_process import ServerPlan
with Lease(ServerPlan.model_validate_json(sys.argv[1])) as lease:
    print(lease.pid, flush=True)
    sys.stdin.read()
"""

pytestmark = pytest.mark.models


@pytest.fixture
def plan(settings: Settings, tmp_path: Path) -> ServerPlan:
    """A small server of the test's own."""
    return ServerPlan(
        folder=tmp_path / "run",
        model=Store(settings).path("language"),
        threads=1,
        slots=1,
        slot_context_tokens=512,
        linger_s=0.5,
    )


def start_user(plan: ServerPlan) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, plan.model_dump_json()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def server_of(user: "subprocess.Popen[str]") -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def wait_until_gone(plan: ServerPlan) -> None:
    with plan.server_lock.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_two_processes_share_a_server_that_goes_with_the_last_of_them(plan: ServerPlan) -> None:
    with start_user(plan) as first, start_user(plan) as second:
        pid = server_of(first)
        assert server_of(second) == pid
        first.communicate()
        with Lease(plan) as third:
            assert third.pid == pid
        second.kill()
        second.communicate()
    wait_until_gone(plan)
    assert not plan.state.exists()


def test_recognition_and_the_voice_go_before_the_server_on_the_same_cores(plan: ServerPlan) -> None:
    with Lease(plan) as lease:
        assert os.getpriority(os.PRIO_PROCESS, lease.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    wait_until_gone(plan)


def test_a_server_that_was_killed_or_no_longer_answers_is_started_again(plan: ServerPlan) -> None:
    with Lease(plan) as lease:
        first = lease.pid
        os.kill(first, signal.SIGKILL)
        wait_until_gone(plan)
        lease.ensure_running()
        second = lease.pid
        assert second != first
        deaf = ServerState(pid=second, address="http://127.0.0.1:9", api_key="")
        plan.state.write_text(deaf.model_dump_json(), "utf-8")
        lease.ensure_running()
        assert lease.pid not in {first, second}
    with pytest.raises(ServerError, match="closed"):
        lease.ensure_running()


def test_a_file_that_is_no_model_is_told_with_the_end_of_the_log(
    plan: ServerPlan, settings: Settings
) -> None:
    broken = plan.model_copy(update={"model": Store(settings).path("tts")})
    with pytest.raises(ServerError, match=r"(?s)soundcheck models verify.*invalid magic"):
        Lease(broken)


def test_another_file_is_another_server(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"one")
    ours = settings.model_copy(update={"language_model": str(own)})
    first = plan_server(ours)
    own.write_bytes(b"other bytes")
    assert len({first.folder, plan_server(ours).folder, plan_server(settings).folder}) == 3
