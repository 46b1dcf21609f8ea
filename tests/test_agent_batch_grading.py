"""`soundcheck grade`: whole lines only, nothing graded twice, bad lines reported and the rest graded."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.batch_grading import BadLine, Summary, grade_file
from agent.cli import app
from rubrics.errors import GradingError, LanguageModelUnavailable
from rubrics.grader import Grader
from rubrics.language import Message
from rubrics.loader import shipped_rubrics
from rubrics.models import Grade
from tests.fakes import FakeLanguageModel

ANSWER = "In 2022 I owned the ranker, and I moved it to a cache because it was slow. It is twice as fast now."


def line(id_: str, **changes: Any) -> str:
    fields = {"id": id_, "rubric": "star", "question": "What did you do?", "answer": ANSWER} | changes
    return json.dumps({key: value for key, value in fields.items() if value is not None})


def source(folder: Path, *lines: str) -> Path:
    path = folder / "in.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def grades(path: Path) -> list[Grade]:
    return [Grade.model_validate_json(row) for row in path.read_text(encoding="utf-8").splitlines()]


def grader(model: FakeLanguageModel | None = None) -> Grader:
    return Grader(model or FakeLanguageModel(), shipped_rubrics())


async def run(given: Path, out: Path, *, by: Grader | None = None) -> Summary:
    return await grade_file(by or grader(), given, out, progress=lambda done, of: None)


async def test_each_line_is_graded_in_order(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    summary = await run(source(tmp_path, line("a"), line("b", answer=""), line("c", rubric="staff")), out)
    assert [(g.id, g.status, g.rubric_version[:5]) for g in grades(out)] == [
        ("a", "scored", "star@"),
        ("b", "unscored", "star@"),
        ("c", "scored", "staff"),
    ]
    assert (summary.graded, summary.unscored, summary.bad_lines) == (3, 1, [])
    assert not (tmp_path / ".out.jsonl.lock").exists()


async def test_bad_lines_are_named_and_the_rest_is_graded(tmp_path: Path) -> None:
    given = source(
        tmp_path,
        line("a"),
        "{not json",
        line("b", answer=None),
        "",
        line("c", rubric="stars"),
        line("a"),
        line("d", score=5),
        line("e"),
    )
    out = tmp_path / "out.jsonl"
    summary = await run(given, out)
    assert [g.id for g in grades(out)] == ["a", "e"]
    assert [(bad.line, bad.field) for bad in summary.bad_lines] == [
        (2, "the line"),
        (3, "answer"),
        (5, "rubric"),
        (6, "id"),
        (7, "score"),
    ]


async def test_a_second_run_grades_only_what_is_new(tmp_path: Path) -> None:
    out, model = tmp_path / "out.jsonl", FakeLanguageModel()
    await run(source(tmp_path, line("a")), out)
    before = out.read_text()
    summary = await run(source(tmp_path, line("b"), line("a")), out, by=grader(model))
    assert (summary.graded, summary.kept) == (1, 1)
    assert out.read_text().startswith(before)
    assert [g.id for g in grades(out)] == ["a", "b"]


async def test_a_line_cut_short_by_a_crash_is_graded_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    await run(source(tmp_path, line("a"), line("b")), out)
    whole = out.read_text()
    out.write_text(whole[:-40])
    summary = await run(source(tmp_path, line("a"), line("b")), out)
    assert (summary.graded, summary.kept) == (1, 1)
    assert out.read_text() == whole


async def test_an_answer_the_model_failed_on_is_graded_again(tmp_path: Path) -> None:
    def fail(_: Sequence[Message]) -> float:
        raise LanguageModelUnavailable("it is gone")

    out, given = tmp_path / "out.jsonl", source(tmp_path, line("a"), line("b"))
    failed = await run(given, out, by=grader(FakeLanguageModel(judge=fail)))
    assert (failed.unscored, failed.unavailable) == (2, 2)
    mended = await run(given, out)
    assert (mended.graded, mended.unavailable) == (2, 0)
    assert [(g.id, g.status) for g in grades(out)] == [("a", "scored"), ("b", "scored")]


async def test_grades_of_another_rubric_version_are_never_mixed_in(tmp_path: Path) -> None:
    out, given = tmp_path / "out.jsonl", source(tmp_path, line("a"), line("b"))
    await run(given, out)
    changed = shipped_rubrics()
    changed["star"] = changed["star"].model_copy(update={"version": "9"})
    with pytest.raises(GradingError, match="name another file"):
        await run(given, out, by=Grader(FakeLanguageModel(), changed))


async def test_a_target_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("my diary\n")
    with pytest.raises(GradingError, match="line 1 is not a grade"):
        await run(source(tmp_path, line("a")), out)
    assert out.read_text() == "my diary\n"


async def test_a_target_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    given = source(tmp_path, line("a"))
    with pytest.raises(GradingError, match="name a file that you can write"):
        await run(given, given / "out.jsonl")


async def test_progress_reaches_the_number_of_lines(tmp_path: Path) -> None:
    heard: list[tuple[float, int]] = []
    given = source(tmp_path, line("a"), line("b"))
    await grade_file(grader(), given, tmp_path / "out.jsonl", progress=lambda *at: heard.append(at))
    assert heard == sorted(heard)
    assert heard[-1] == (2, 2)


@pytest.mark.parametrize(("out", "fault"), [("in.jsonl", "is IN.jsonl"), (".", "directory")])
def test_wrong_use_ends_with_two(tmp_path: Path, out: str, fault: str) -> None:
    given = source(tmp_path, line("a"))
    result = CliRunner().invoke(app, ["grade", str(given), str(tmp_path / out)])
    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())


def test_a_missing_input_ends_with_two(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["grade", str(tmp_path / "none.jsonl"), str(tmp_path / "out.jsonl")])
    assert result.exit_code == 2


@pytest.mark.parametrize(("summary", "code"), [(Summary(graded=2), 0), (Summary(unavailable=1), 1)])
def test_the_exit_code_says_whether_all_was_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, summary: Summary, code: int
) -> None:
    async def done(*_: object, **__: Mapping[str, object]) -> Summary:
        return summary

    monkeypatch.setattr("agent.commands.grade._grade", done)
    result = CliRunner().invoke(app, ["grade", str(source(tmp_path, line("a"))), "out.jsonl", "--json"])
    assert result.exit_code == code
    assert json.loads(result.stdout) == summary.model_dump()


def test_a_bad_line_is_shown_with_line_and_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def done(*_: object, **__: Mapping[str, object]) -> Summary:
        return Summary(graded=1, bad_lines=[BadLine(line=7, field="answer", message="Field required")])

    monkeypatch.setattr("agent.commands.grade._grade", done)
    result = CliRunner().invoke(app, ["grade", str(source(tmp_path, line("a"))), "out.jsonl"])
    assert result.exit_code == 1
    assert "line 7: answer: Field required" in result.output
