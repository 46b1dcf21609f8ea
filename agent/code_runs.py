"""Runs candidates' code against the tests of its problem; few at once, so that a talk beside them stays fluent."""

import asyncio
from collections.abc import Callable, Mapping

from graphs.board import Board, Run, Verdict
from graphs.models import Answer
from knowledge.coding import suites_of
from knowledge.loader import Content
from rubrics.coderun import CodeRun, Suite
from rubrics.sandbox.running import run_tests

MOST_AT_ONCE = 2
Suites = Callable[[str], Mapping[Suite, str]]
"""The tests of a problem, by its id; none where it has none, or is not there any more."""


def suites_in(content: Content) -> Suites:
    """The tests of a guide's problems."""
    return lambda problem: suites_of(content, problem) if problem in content.problems else {}


class CodeRuns:
    """One for each process. Raises SandboxError where nothing can be run, which is never the code's doing."""

    def __init__(self, suites: Suites = lambda problem: {}) -> None:
        self._suites = suites
        self._free = asyncio.Semaphore(MOST_AT_ONCE)

    async def visible(self, question: str, code: str) -> Run:
        """What the candidate is shown."""
        done = await self._run(question, code, ("visible",))
        tests = [
            Verdict(name=t.name, status=t.status, message=t.message) for t in (done.tests if done else [])
        ]
        return Run(code=code, tests=tests)

    async def of_answer(self, answer: Answer) -> CodeRun | None:
        """All tests, for the grade. None where no code was written, or its problem has no tests."""
        return await self._run(answer.question, code_of(answer.board), ("visible", "hidden"))

    async def _run(self, question: str, code: str, wanted: tuple[Suite, ...]) -> CodeRun | None:
        suites = self._suites(question.rpartition("/")[2])
        chosen = {suite: suites[suite] for suite in wanted if suite in suites}
        if not chosen or not code.strip():
            return None
        async with self._free:
            return await run_tests(code, chosen)


def code_of(board: Board | None) -> str:
    return board.code if board else ""
