"""Started by `rubrics.sandbox.running` as a process of its own: runs each test in a child and tells what became of it.

This process never runs the candidate's code, and what it says is therefore true. A child has passed only if it hands
back a secret that it was given before, so that ending early or writing to the pipe is no way to pass. Code could still
find the secret in Python's own memory, or change how tests work: the tests that have passed are therefore run again in
a form that must fail, and if one of those passes, nothing has. Code that tells the two forms apart is not found out.

Reads a job from standard input (see `Job`), writes one JSON object a line: the walls, then each test.
"""

import ast
import importlib
import json
import os
import re
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypedDict

import pytest

from rubrics.sandbox import walls
from rubrics.sandbox.child import Ended, Limits, Place, run_in_child

CODE_NAME = "solution"
WARMED = frozenset(("numpy", "pandas"))
"""Slow to import: loaded once, before any child."""
MEDDLED = "the code changes how the tests work"
_AGAIN = """

def test_that_nothing_was_raised():
    import pytest
    with pytest.raises(LookupError):
        pass

def test_that_python_is_another():
    assert not (all([]) and sum([1, 1]) == 2 and sorted([2, 1]) == [1, 2] and len("ab") == 2 and not any([0]))
"""
"""Two tests that fail wherever Python and pytest are as they should be."""
_MESSAGE_CHARACTERS = 300
_PLUGINS = (
    "cacheprovider",
    "terminal",
    "logging",
    "junitxml",
    "pastebin",
    "faulthandler",
    "doctest",
    "unittest",
)


class Job(TypedDict):
    folder: str
    code: str
    suites: dict[str, str]
    """Source of the tests by suite."""
    limits: Limits


class Plugin:
    """Collects what pytest says about the cases of one test."""

    def __init__(self) -> None:
        self.passed = 0
        self.failure: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._fail(report)
        self.passed += report.when == "call" and report.passed

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._fail(report)

    def _fail(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = str(crash.message if crash else report.longrepr)
        lines = [line.removeprefix("E ").strip() for line in text.splitlines() if line.strip()]
        self.failure = self.failure or "\n".join(lines if crash else lines[-1:])[:_MESSAGE_CHARACTERS]


class Server:
    """Runs the tests of one job, one after the other."""

    def __init__(self, job: Job) -> None:
        self._limits = job["limits"]
        self._deadline = time.monotonic() + self._limits["total_s"]
        self._code, self._scratch = Path(job["folder"]) / "code", Path(job["folder"]) / "scratch"
        self._solution, self._suites = job["code"], job["suites"]
        self._tests = {suite: _names(source) for suite, source in self._suites.items()}
        self._place = Place(self._scratch, None, self._limits)

    def run(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._code.mkdir()
        self._scratch.mkdir()
        separated = walls.separate(self._scratch)
        self._write_files()
        self._warm_up()
        landlock = walls.files_closed(self._code, self._scratch)
        self._place = Place(self._scratch, landlock, self._limits)
        tell({"walls": walls.standing(landlock, separated=separated)})
        results = [self._test(suite, name) for suite, names in self._tests.items() for name in names]
        passed = [result for result in results if result["status"] == "passed"]
        if passed and self._meddled(passed):
            for result in passed:
                result.update(status="failed", message=MEDDLED)
        for result in results:
            tell(result)

    def _meddled(self, passed: list[dict[str, Any]]) -> bool:
        """Whether any test passes, or ends Python, that must fail; all of them in one child."""
        folder = self._code / "again"
        tests = [f"{folder / _file(result['suite'])}::{result['name']}" for result in passed]
        tests += [f"{folder / _file(passed[0]['suite'])}::{name}" for name in _names(_AGAIN)]
        secret = secrets.token_hex(16)
        ended = run_in_child(lambda: self._none_passes(tests), secret, self._place, self._deadline)
        return _judged(ended, secret)[0] in ("passed", "crashed")

    def _none_passes(self, tests: list[str]) -> str | None:
        return None if self._pytest(tests).passed else "all fail"

    def _write_files(self) -> None:
        (self._code / f"{CODE_NAME}.py").write_text(self._solution, encoding="utf-8")
        (self._code / "again").mkdir()
        for suite, source in self._suites.items():
            (self._code / _file(suite)).write_text(source, encoding="utf-8")
            (self._code / "again" / _file(suite)).write_text(_failing(source) + _AGAIN, encoding="utf-8")

    def _warm_up(self) -> None:
        words = set(re.findall(r"\w+", " ".join([self._solution, *self._suites.values()])))
        for name in sorted(WARMED & words):
            with suppress(ImportError):
                importlib.import_module(name)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        sys.path.insert(0, str(self._code))

    def _test(self, suite: str, name: str) -> dict[str, Any]:
        self._empty_scratch()
        secret = secrets.token_hex(16)
        deadline = min(time.monotonic() + self._limits["wait_s"], self._deadline)
        ended = run_in_child(lambda: self._outcome(suite, name), secret, self._place, deadline)
        status, message = _judged(ended, secret)
        return {
            "suite": suite,
            "name": name,
            "status": status,
            "message": message,
            "seconds": round(ended.seconds, 3),
            "peak_mb": round(ended.peak_mb, 1),
            "output": ended.output,
        }

    def _empty_scratch(self) -> None:
        for left in self._scratch.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()

    def _outcome(self, suite: str, name: str) -> str | None:
        """In the child: run one test. None where it passed, else why not."""
        plugin = self._pytest([f"{self._code / _file(suite)}::{name}"])
        return plugin.failure or (None if plugin.passed else "the test did not run")

    def _pytest(self, tests: list[str]) -> Plugin:
        plugin = Plugin()
        unused = [f"-pno:{unused}" for unused in _PLUGINS]
        pytest.main(
            ["-s", "--import-mode=importlib", f"--rootdir={self._code}", *unused, *tests], plugins=[plugin]
        )
        return plugin


def _judged(ended: Ended, secret: str) -> tuple[str, str | None]:
    """Status and message."""
    said = ended.said(secret)
    if not ended.in_time:
        return "timed out", f"still running after {ended.seconds:.1f} s"
    if said is None and _used_up(ended.status):
        return "timed out", "used up its processor time"
    if said is None:
        return "crashed", _cause(ended.status)
    failure = json.loads(said)
    return ("passed", None) if failure is None else ("failed", _readable(failure))


def _readable(failure: object) -> str:
    """Whatever the code put into its error: text that can be written down."""
    return str(failure).encode("utf-8", "backslashreplace").decode()[:_MESSAGE_CHARACTERS]


def _used_up(status: int) -> bool:
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU


def _cause(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return "ended Python before the test was over"
    return f"ended by signal {os.WTERMSIG(status)}"


def _names(source: str) -> list[str]:
    """The tests, found by reading and not by running them: the code under test has no say in it."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return [function.name for function in functions if function.name.startswith("test_")]


def _failing(source: str) -> str:
    """The same tests with an end at which each of them fails."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            fails = ast.parse("raise AssertionError").body
            node.body = [ast.Try(body=node.body, handlers=[], orelse=[], finalbody=fails)]
    return ast.unparse(ast.fix_missing_locations(tree))


def _file(suite: str) -> str:
    return f"tests_{suite}.py"


def main() -> None:
    job: Job = json.load(sys.stdin)
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")

    def tell(what: dict[str, Any]) -> None:
        lines.write(json.dumps(what) + "\n")
        lines.flush()

    Server(job).run(tell)


if __name__ == "__main__":
    main()
