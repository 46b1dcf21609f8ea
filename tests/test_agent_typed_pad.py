import io
from pathlib import Path

import pytest
from rich.console import Console

from agent.code_runs import CodeRuns, suites_in
from agent.keyboard import Keyboard, converse
from agent.typed_pad import TypedPad
from graphs.models import View
from knowledge.loader import Content
from rubrics.coderun import CodeRun
from rubrics.errors import SandboxError
from tests.pad_sittings import CACHE, PadSitting, solution_of


async def typed(content: Content, text: str) -> tuple[View, str]:
    sitting = await PadSitting.open(content)
    printed = io.StringIO()
    console = Console(file=printed, width=220)
    pad = TypedPad(sitting.interview, CodeRuns(suites_in(content)), console)
    view = await converse(sitting.interview, Keyboard(io.StringIO(text)), console, pad=pad)
    return view, printed.getvalue()


async def test_the_problem_is_printed_once_and_a_file_is_shown_and_run(
    content: Content, tmp_path: Path
) -> None:
    file = tmp_path / "cache.py"
    file.write_text(solution_of(content, CACHE))
    view, printed = await typed(content, f"yes\n/code {file}\nI would say it works, since they all pass\n")
    assert printed.count("class TTLCache") == 1
    assert printed.count("   passed  test_") == 4
    assert view.board is not None
    assert view.board.runs == 1
    assert "All visible tests pass" in printed or "tests you can see all pass" in printed


async def test_a_failing_test_is_printed_with_its_message(content: Content, tmp_path: Path) -> None:
    file = tmp_path / "cache.py"
    file.write_text("class TTLCache:\n    pass\n")
    _, printed = await typed(content, f"yes\n/code {file}\n")
    assert "failed  test_the_example_of_the_statement_holds" in printed
    assert "TypeError" in printed


@pytest.mark.parametrize("name", ["no-such-file.py", "."])
async def test_a_file_that_cannot_be_read_is_said_so(content: Content, name: str) -> None:
    view, printed = await typed(content, f"yes\n/code {name}\n")
    assert view.board is None
    assert f"{name}: " in printed


async def test_a_file_that_is_too_large_is_refused(content: Content, tmp_path: Path) -> None:
    file = tmp_path / "large.py"
    file.write_text("#" * 50_000)
    view, printed = await typed(content, f"yes\n/code {file}\n")
    assert view.board is None
    assert "more than 20000 characters" in printed


async def test_without_a_problem_there_is_nothing_to_write(content: Content) -> None:
    _, printed = await typed(content, "/code x.py\n")
    assert "There is no code to be written" in printed


async def test_a_machine_that_cannot_run_code_says_so_and_keeps_it(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object) -> CodeRun:
        raise SandboxError("tests: the sandbox could not run")

    monkeypatch.setattr("agent.code_runs.run_tests", broken)
    file = tmp_path / "cache.py"
    file.write_text("x = 1\n")
    view, printed = await typed(content, f"yes\n/code {file}\n")
    assert "the sandbox could not run" in printed
    assert view.board is not None
    assert view.board.code == "x = 1\n"
