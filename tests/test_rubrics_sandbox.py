"""Hostile code is contained, and never counts as passed. Each attack is a function, called by a test of its own."""

import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from knowledge.coding import starter_of, suites_of
from knowledge.loader import Content
from rubrics.coderun import CodeRun, Outcome
from rubrics.errors import SandboxError
from rubrics.sandbox import running
from rubrics.sandbox.running import Limits, run_tests

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these walls stand on Linux only")
LIMITS = Limits(test_s=2.0, wait_s=6.0, memory_mb=256, output_characters=500)
HONEST = """
def double(number):
    print("doubling", number)
    return 2 * number if number >= 0 else 0
"""
TESTS = """
import pytest
from solution import double

def test_it_doubles():
    assert double(2) == 4

@pytest.mark.parametrize("number", [-1, 1])
def test_it_doubles_everything(number):
    assert double(number) == 2 * number

def test_it_refuses_words():
    with pytest.raises(TypeError):
        double("a")
"""
ATTACKS = """
import ctypes, os, signal, socket, subprocess, sys, threading, time
from pathlib import Path

SECRET, DATA, OUTSIDE, PORT, PARENT = {given}

def hang():
    while True:
        pass

def sleep():
    time.sleep(60)

def hog():
    return len(bytearray(3 << 30)) > 0

def hog_bit_by_bit():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))

def bomb():
    while True:
        if os.fork() == 0:
            time.sleep(60)

def bomb_of_threads():
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

def run_a_program():
    return subprocess.run(["/bin/true"]).returncode == 0

def become_a_program():
    os.execv("/bin/true", ["true"])

def leave():
    os._exit(0)

def leave_politely():
    sys.exit(0)

def crash():
    ctypes.string_at(0)

def kill_the_parent():
    os.kill(PARENT, signal.SIGKILL)
    return True

def kill_the_server():
    os.kill(os.getppid(), signal.SIGKILL)
    return True

def kill_everything():
    os.kill(-1, signal.SIGKILL)
    return True

def read_the_data_folder():
    return SECRET in Path(DATA).read_text()

def list_the_data_folder():
    return len(os.listdir(Path(DATA).parent)) > 0

def read_the_home():
    return len(os.listdir(Path.home().parent)) + len(os.listdir("/root" if os.getuid() == 0 else "/home")) > 0

def read_other_processes():
    return Path("/proc/%d/environ" % PARENT).read_bytes() is not None

def read_the_reference_solution():
    import importlib.util
    folder = Path({package!r})
    return any("def" in file.read_text() for file in folder.rglob("solution.py"))

def read_our_package():
    import agent.settings
    return True

def read_our_content():
    import knowledge.loader
    return True

def write_outside():
    Path(OUTSIDE).write_text("here")
    return True

def write_its_own_tests():
    Path(__file__).with_name("tests_hidden.py").write_text("def test_nothing(): pass")
    return True

def write_a_large_file():
    Path("large").write_bytes(bytes(64 << 20))
    return True

def fill_the_disk():
    for number in range(1000):
        Path(f"part{{number}}").write_bytes(bytes(2 << 20))
    return True

def flood():
    while True:
        os.write(1, b"x" * 65536)

def flood_the_report():
    for number in range(3, 64):
        try:
            while True:
                os.write(number, b"x" * 65536)
        except OSError:
            pass
    return True

def call_home():
    with socket.create_connection(("127.0.0.1", PORT), timeout=1):
        return True

def call_home_without_python():
    descriptor = ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    return descriptor >= 0

def forge_the_report():
    for number in range(3, 64):
        for text in (b"passed", b"\\n\\nnull", b'{{"status": "passed"}}\\n'):
            try:
                os.write(number, text)
            except OSError:
                pass
    os._exit(0)
"""
FRAME_HUNT = """
import os, sys

def double(number):
    frame = sys._getframe()
    while frame is not None:
        if "secret" in frame.f_locals and "reporting" in frame.f_locals:
            os.write(frame.f_locals["reporting"], (frame.f_locals["secret"] + "\\nnull").encode())
            os._exit(0)
        frame = frame.f_back
"""
CONTAINED = {
    "hang": "timed out",
    "sleep": "timed out",
    "hog": "failed",
    "hog_bit_by_bit": "failed",
    "bomb": "failed",
    "bomb_of_threads": None,
    "run_a_program": "failed",
    "become_a_program": "failed",
    "leave": "crashed",
    "leave_politely": "failed",
    "crash": "crashed",
    "kill_the_parent": "failed",
    "kill_the_server": "failed",
    "kill_everything": "failed",
    "read_the_data_folder": "failed",
    "list_the_data_folder": "failed",
    "read_the_home": "failed",
    "read_other_processes": "failed",
    "read_the_reference_solution": "failed",
    "read_our_package": "failed",
    "read_our_content": "failed",
    "write_outside": "failed",
    "write_its_own_tests": "failed",
    "write_a_large_file": "failed",
    "fill_the_disk": None,
    "flood": "timed out",
    "flood_the_report": None,
    "call_home": "failed",
    "call_home_without_python": "failed",
    "forge_the_report": "crashed",
}
"""What becomes of each attack; None where it depends on the machine, though it never passes."""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> CodeRun:
    """All attacks in one run, against a data folder, a listening socket and this very process."""
    import asyncio

    import knowledge

    home = tmp_path_factory.mktemp("user")
    (home / "transcript.txt").write_text("the secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        given = ("the secret", str(home / "transcript.txt"), str(home / "written"), port, os.getpid())
        code = ATTACKS.format(given=given, package=str(Path(knowledge.__file__).parent))
        tests = "\n".join(f"def test_{name}():\n    assert solution.{name}()\n" for name in CONTAINED)
        run = asyncio.run(run_tests(code, {"hidden": f"import solution\n\n{tests}"}, limits=LIMITS))
    assert not (home / "written").exists()
    return run


def named(run: CodeRun, name: str) -> Outcome:
    return next(test for test in run.tests if test.name == f"test_{name}")


@LINUX
@pytest.mark.parametrize("attack", CONTAINED)
def test_an_attack_is_contained_and_does_not_pass(attack: str, attacked: CodeRun) -> None:
    outcome = named(attacked, attack)
    assert outcome.status == (CONTAINED[attack] or outcome.status)
    if attack != "fill_the_disk" or "namespaces" in attacked.walls:
        assert outcome.status != "passed"
        assert outcome.message
    assert outcome.seconds < 2 * LIMITS.wait_s


@LINUX
def test_the_walls_that_need_no_privilege_stand(attacked: CodeRun) -> None:
    assert {"limits", "files", "system calls"} <= set(attacked.walls)


@pytest.mark.parametrize("problem", ["lru-cache-with-ttl", "feature-extraction-in-pandas"])
async def test_a_right_solution_passes_every_test_of_a_shipped_problem(
    problem: str, content: Content
) -> None:
    code = (content.folder / "coding" / problem / "solution.py").read_text()
    run = await run_tests(code, suites_of(content, problem))
    assert [test for test in run.tests if test.status != "passed"] == []
    assert run.passed("hidden") > run.passed("visible") > 2


async def test_an_untouched_starter_fails(content: Content) -> None:
    code, tests = starter_of(content, "deduplicate-plays"), suites_of(content, "deduplicate-plays")
    run = await run_tests(code, {"visible": tests["visible"]})
    assert run.passed("visible") < len(run.tests)


async def test_each_test_is_told_with_its_reason_time_and_memory() -> None:
    run = await run_tests(HONEST, {"visible": TESTS}, limits=LIMITS)
    assert {test.name: test.status for test in run.tests} == {
        "test_it_doubles": "passed",
        "test_it_doubles_everything": "failed",
        "test_it_refuses_words": "passed",
    }
    assert "assert 0 == (2 * -1)" in (named(run, "it_doubles_everything").message or "")
    assert (run.passed("visible"), run.passed("hidden"), run.of("hidden")) == (2, 0, [])
    assert 5 < run.peak_mb < 500
    assert "doubling 2" in run.output
    assert run.seconds > sum(test.seconds for test in run.tests) > 0


async def test_what_is_printed_without_end_is_cut_and_does_no_harm() -> None:
    code = HONEST.replace('print("doubling", number)', 'print("x" * (1 << 30))')
    run = await run_tests(
        code, {"visible": TESTS}, limits=Limits(test_s=0.8, wait_s=3.0, output_characters=500)
    )
    assert len(run.output) <= 500


@pytest.mark.parametrize(
    ("meddling", "status"),
    [
        ("import pytest, contextlib\npytest.raises = lambda *a, **k: contextlib.nullcontext()", "failed"),
        ("import builtins\nbuiltins.all = lambda x: False\nbuiltins.sum = lambda x: 0", "failed"),
        ("import _pytest.python as p\np.Function.runtest = lambda self: None", "failed"),
        ("import os\nos._exit(0)", "crashed"),
        (FRAME_HUNT, "failed"),
        ("raise SystemExit", "failed"),
        ("import solution_that_is_not_there", "failed"),
        ("def double(number:", "failed"),
    ],
)
async def test_code_that_meddles_with_its_tests_has_passed_none(meddling: str, status: str) -> None:
    run = await run_tests(f"{HONEST}\n{meddling}\n", {"visible": TESTS}, limits=LIMITS)
    assert {test.status for test in run.tests} <= {status, "failed"}
    assert run.passed("visible") == 0
    assert len(run.tests) == 3


async def test_threads_and_sockets_between_them_are_no_attack() -> None:
    code = """
import asyncio, threading

def double(number):
    async def later():
        return 2 * number if not isinstance(number, str) else None + 1
    threading.Thread(target=print).start()
    return asyncio.run(later())
"""
    run = await run_tests(code, {"visible": TESTS}, limits=LIMITS)
    assert run.passed("visible") == 3


async def test_processor_time_is_limited_and_waiting_apart_from_it() -> None:
    code = (
        "import time\n\ndef double(number):\n    while True:\n        time.sleep(60 if number == 2 else 0)\n"
    )
    tests = TESTS.partition("@pytest")[0] + "def test_it_works():\n    double(1)\n"
    run = await run_tests(code, {"visible": tests}, limits=Limits(test_s=0.5, wait_s=4.0))
    assert [test.status for test in run.tests] == ["timed out", "timed out"]
    asleep, busy = (str(test.message) for test in run.tests)
    assert "still running after" in asleep
    if sys.platform == "linux":
        assert busy in ("used up its processor time", "still running after 4.0 s")


async def test_a_run_has_a_time_limit_as_a_whole() -> None:
    run = await run_tests("import time\ntime.sleep(9)\n", {"visible": TESTS}, limits=Limits(total_s=0.5))
    assert {test.status for test in run.tests} == {"timed out"}
    assert len(run.tests) == 3


async def test_nothing_of_the_environment_and_nothing_written_before_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOUNDCHECK_SECRET", "a key")
    code = "import os\nfrom pathlib import Path\n"
    tests = """
import os
from pathlib import Path
import solution

def test_environment():
    assert "SOUNDCHECK_SECRET" not in os.environ
    assert list(Path().iterdir()) == []
    Path("left").mkdir()
    Path("left/file").write_text("mine")

def test_empty_again():
    assert list(Path().iterdir()) == []
"""
    run = await run_tests(code, {"visible": tests}, limits=LIMITS)
    assert [test.status for test in run.tests] == ["passed", "passed"]
    assert threading.active_count() < 20


async def test_a_sandbox_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_environment", lambda folder: {"PATH": "", "HOME": folder})
    with pytest.raises(SandboxError, match="could not run"):
        await run_tests(HONEST, {"visible": "def test_broken(:"}, limits=LIMITS)


async def test_an_error_that_is_no_text_is_still_told() -> None:
    code = "def double(number):\n    raise ValueError('\\ud800 is half a character')\n"
    run = await run_tests(code, {"visible": TESTS}, limits=LIMITS)
    assert {test.status for test in run.tests} == {"failed"}
    assert run.tests[0].message == r"ValueError: \ud800 is half a character"
