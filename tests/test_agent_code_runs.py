"""Code that was written in an interview is run and graded."""

import asyncio
from pathlib import Path

import pytest

from agent.code_runs import MOST_AT_ONCE, CodeRuns, suites_in
from agent.grading import GradedAnswer, GradingDesk, grade_answer, read_grades, text_sha256
from graphs.board import Board
from graphs.models import Answer
from knowledge.loader import Content
from rubrics.coderun import CodeRun
from rubrics.errors import SandboxError
from rubrics.grader import Grader
from rubrics.loader import shipped_rubrics
from tests.fakes import FakeLanguageModel
from tests.pad_sittings import CACHE, SAID, solution_of
from tests.report_sessions import SessionBuilder


def answer_with(code: str | None, text: str = SAID) -> Answer:
    return Answer(
        id="a1",
        stage="coding-applied-ml",
        topic="scalability-and-optimization",
        question=CACHE,
        question_text="Build a cache whose entries expire. How would you go about it?",
        rows=["code.correctness", "code.testing"],
        points=[],
        parts=["c1"] if text else [],
        text=text,
        complete=True,
        board=Board(code=code) if code is not None else None,
    )


@pytest.fixture
def grader() -> Grader:
    return Grader(FakeLanguageModel(judge=lambda _: 3.0), shipped_rubrics())


async def graded(answer: Answer, grader: Grader, content: Content) -> GradedAnswer:
    return await grade_answer(grader, answer, runs=CodeRuns(suites_in(content)))


async def test_a_solution_is_run_against_the_hidden_tests_too_and_that_enters_the_grade(
    content: Content, grader: Grader
) -> None:
    found = await graded(answer_with(solution_of(content, CACHE)), grader, content)
    row = found.grades["code"].rows["correctness"]
    assert row.tests == "11 of 11 hidden tests pass, 4 of 4 visible tests pass"
    assert row.level is not None
    assert row.level >= 4
    assert found.run is not None
    assert found.run.passed("hidden") == 11


async def test_code_without_a_word_is_graded_by_its_tests_alone(content: Content, grader: Grader) -> None:
    found = await graded(answer_with("class TTLCache: ...", text=""), grader, content)
    rows = found.grades["code"].rows
    assert rows["correctness"].level == 1
    assert rows["correctness"].tests == "0 of 11 hidden tests pass, 0 of 4 visible tests pass"
    assert rows["testing"].status == "unscored"


async def test_without_code_nothing_is_run(content: Content, grader: Grader) -> None:
    for code in (None, "", "  \n"):
        found = await graded(answer_with(code), grader, content)
        assert found.run is None
        assert "run" not in found.model_dump()
        assert found.grades["code"].rows["correctness"].tests is None


async def test_a_machine_that_cannot_run_code_still_grades_what_was_said(
    grader: Grader, content: Content, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*args: object) -> CodeRun:
        raise SandboxError("tests: the sandbox could not run\n  fix: soundcheck doctor")

    monkeypatch.setattr("agent.code_runs.run_tests", broken)
    found = await graded(answer_with("class TTLCache: ..."), grader, content)
    assert found.run is None
    assert found.grades["code"].status == "scored"
    assert "without running the code" in caplog.text


def test_changed_code_makes_a_stored_grade_out_of_date() -> None:
    sums = [text_sha256(answer_with(code)) for code in ("one", "two", "", None)]
    assert len(set(sums)) == 3
    assert sums[2] == sums[3]


async def test_the_desk_stores_what_became_of_the_code(
    tmp_path: Path, content: Content, grader: Grader
) -> None:
    session = SessionBuilder(tmp_path).session
    desk = GradingDesk(session, grader, CodeRuns(suites_in(content)))
    desk.submit([answer_with("class TTLCache:\n    pass\n")])
    await desk.finish()
    await desk.close()
    run = read_grades(session)["a1"].run
    assert run is not None
    assert run.passed("visible") == 0
    assert len(run.of("hidden")) == 11


async def test_the_candidate_is_shown_the_visible_tests_only(content: Content) -> None:
    run = await CodeRuns(suites_in(content)).visible(CACHE, solution_of(content, CACHE))
    assert [test.status for test in run.tests] == ["passed"] * 4
    other = await CodeRuns(suites_in(content)).visible("no/such", "x = 1")
    assert other.tests == []


async def test_only_few_runs_go_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    going, most, full, go_on = 0, 0, asyncio.Event(), asyncio.Event()

    async def slow(code: str, suites: object) -> CodeRun:
        nonlocal going, most
        going += 1
        most = max(most, going)
        if going == MOST_AT_ONCE:
            full.set()
        await go_on.wait()
        going -= 1
        return CodeRun(tests=[], seconds=0.0)

    monkeypatch.setattr("agent.code_runs.run_tests", slow)
    runs = CodeRuns(lambda problem: {"visible": "def test_a(): ..."})
    tasks = [asyncio.create_task(runs.visible("t/p", "x = 1")) for _ in range(6)]
    await full.wait()
    go_on.set()
    await asyncio.gather(*tasks)
    assert most == MOST_AT_ONCE
