"""Runs the tests of many exercise folders in one pytest session: starting pytest and pandas for each takes too long.

Called as a script with a folder of exercise folders; writes `results.json` there: for each folder the tests that
passed and those that did not, as `tests_visible.py::test_name`. Tests of a folder end at its first failure.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Literal

import pytest

Outcomes = dict[Literal["passed", "failed"], list[str]]


class Exercises:
    """A pytest plugin that gives each folder's tests the `solution` beside them, and remembers what became of them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.results: defaultdict[str, Outcomes] = defaultdict(lambda: {"passed": [], "failed": []})
        sys.path.insert(0, "")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        if isinstance(collector, pytest.Module):
            sys.modules.pop("solution", None)
            self._enter(collector.path.parent)
        report = yield
        if report.failed:
            self._record(report.nodeid, "failed")
        return report

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._enter(item.path.parent)
        if self.results[item.path.parent.name]["failed"]:
            pytest.skip("an earlier test of this folder has failed")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._record(report.nodeid, "failed")
        elif report.when == "call" and report.passed:
            self._record(report.nodeid, "passed")

    def _enter(self, folder: Path) -> None:
        os.chdir(folder)
        sys.path[0] = str(folder)

    def _record(self, nodeid: str, outcome: Literal["passed", "failed"]) -> None:
        folder, _, test = nodeid.partition("/")
        self.results[folder][outcome].append(test)


def main(root: Path) -> None:
    sys.dont_write_bytecode = True
    exercises = Exercises(root)
    files = sorted(str(path) for path in root.glob("*/tests_*.py"))
    left_out = [f"-pno:{plugin}" for plugin in ("cacheprovider", "terminal")]
    options = ["--import-mode=importlib", "--assert=plain", "-Werror", f"--rootdir={root}", *left_out]
    pytest.main([*options, *files], plugins=[exercises])
    (root / "results.json").write_text(json.dumps(exercises.results), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
