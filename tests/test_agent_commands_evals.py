"""`soundcheck eval run` and what reads its logs, as a user calls them, with a model that judges by rule."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent import eval_runs
from agent.commands.evals import app
from agent.errors import SettingsError
from agent.settings import Settings
from evals.errors import DatasetError, LogError
from evals.runlog import append, read_log
from rubrics.language import Message
from tests.eval_logs import at_target, ladder, make_log
from tests.fakes import FakeLanguageModel


class Judging:
    """Says no, until the user presses Ctrl-C at the `stop_at`th question to the model."""

    def __init__(self) -> None:
        self.stop_at: int | None = None

    def __call__(self, messages: Sequence[Message]) -> float:
        if self.stop_at is not None:
            self.stop_at -= 1
            if not self.stop_at:
                raise KeyboardInterrupt
        return -2.0


@pytest.fixture
def judging() -> Judging:
    return Judging()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judging: Judging) -> Path:
    """A working folder whose model is a fake."""

    @asynccontextmanager
    async def open_fake(settings: Settings) -> AsyncIterator[FakeLanguageModel]:
        yield FakeLanguageModel(judge=judging)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOUNDCHECK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(eval_runs, "open_language_model", open_fake)
    return tmp_path


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def _stored(path: Path, *, upside_down: bool = False, questions: int = 20) -> Path:
    log = make_log(
        ladder(questions), lambda i, row: 6 - (i.target(row) or 0) if upside_down else at_target(i, row)
    )
    append(path, log.card)
    for graded in log.graded:
        append(path, graded)
    return path


def test_a_run_leaves_a_log_in_the_data_folder_and_prints_its_figures(folder: Path) -> None:
    result = _call("run", "--limit", 4, "--seed", 3)
    assert result.exit_code == 0, result.output
    (log,) = (folder / "data" / "runs").iterdir()
    found = read_log(log)
    assert (found.card.dataset, found.card.grader, found.card.seed) == ("gold/test", "checks", 3)
    assert len(found.graded) == 4
    assert {graded.item.split for graded in found.graded} == {"test"}
    assert "4 answers; it takes 100" in result.output
    assert "rated: authored, AI raters" in result.output
    assert str(log) in result.output


def test_a_run_that_was_interrupted_goes_on_in_the_same_log(folder: Path, judging: Judging) -> None:
    _dataset(folder)
    judging.stop_at = 100
    first = _call("run", "--dataset", "mine.jsonl")
    judging.stop_at = None
    assert first.exit_code == 130
    assert "every graded answer is kept" in first.output
    (log,) = (folder / "data" / "runs").iterdir()
    assert 0 < len(read_log(log).graded) < 10
    assert _call("run", "--dataset", "mine.jsonl").exit_code == 0
    assert len(read_log(log).graded) == 10
    assert list((folder / "data" / "runs").iterdir()) == [log]


def _dataset(folder: Path) -> None:
    lines = [item.model_dump_json() for item in ladder(2)]
    (folder / "mine.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_the_naive_judge_runs_over_the_same_answers(folder: Path) -> None:
    _dataset(folder)
    result = _call("run", "--dataset", "mine.jsonl", "--judge", "naive", "--log", "naive.jsonl")
    assert isinstance(result.exception, LogError)
    assert read_log(folder / "naive.jsonl").card.grader == "naive"


def test_grading_side_by_side_is_for_endpoints(folder: Path) -> None:
    result = _call("run", "--limit", 2, "--parallel", 2)
    assert isinstance(result.exception, SettingsError)
    assert "SOUNDCHECK_OPENAI_BASE_URL" in str(result.exception)


def test_a_dataset_without_such_answers_names_what_there_is(folder: Path) -> None:
    result = _call("run", "--rubric", "nonsense")
    assert isinstance(result.exception, DatasetError)
    assert "star" in str(result.exception)


def test_a_stored_log_is_scored_with_a_rival_beside_it(folder: Path) -> None:
    good, bad = _stored(folder / "good.jsonl"), _stored(folder / "bad.jsonl", upside_down=True)
    result = _call("score", good, "--beside", bad, "--again", good, "--json")
    scores = json.loads(result.stdout)
    assert scores["overall"]["figures"]["kappa"]["value"] == 1.0
    assert scores["rivals"][-1]["margin"]["value"] == pytest.approx(2.0)
    assert scores["retest"]["flips"]["value"] == 0


def test_a_failed_gate_is_exit_code_3(folder: Path) -> None:
    assert _call("score", _stored(folder / "bad.jsonl", upside_down=True)).exit_code == 3


def test_a_failing_grader_on_few_answers_gets_no_verdict(folder: Path) -> None:
    assert _call("score", _stored(folder / "bad.jsonl", upside_down=True, questions=3)).exit_code == 0


def test_two_logs_are_compared_in_words_and_for_programs(folder: Path) -> None:
    bad, good = _stored(folder / "bad.jsonl", upside_down=True), _stored(folder / "good.jsonl")
    told, listed = _call("compare", bad, good), _call("compare", bad, good, "--json")
    assert told.exit_code == listed.exit_code == 0
    assert "2.00 (2.00 to 2.00)" in told.output
    assert "better" in told.output
    assert json.loads(listed.stdout)["rows"][0]["kappa_b"] == 1.0


def test_a_report_is_written_as_a_page_and_as_markdown(folder: Path) -> None:
    result = _call("report", _stored(folder / "good.jsonl"), "--out", folder / "out" / "here")
    assert result.exit_code == 0, result.output
    assert (folder / "out" / "here" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "# checks with fake, on mine" in (folder / "out" / "here" / "report.md").read_text(
        encoding="utf-8"
    )
