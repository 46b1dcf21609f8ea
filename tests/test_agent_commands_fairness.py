"""`soundcheck eval fairness` as a user meets it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app, main
from evals.runlog import append
from tests.eval_logs import Level, make_log, shifted, two_forms

run = CliRunner()


def write(folder: Path, level: Level, count: int = 25) -> str:
    path = folder / "run.jsonl"
    log = make_log(two_forms(count), level)
    append(path, log.card)
    for graded in log.graded:
        append(path, graded)
    return str(path)


def test_a_group_graded_lower_exits_with_three_and_says_what_it_is_about(tmp_path: Path) -> None:
    result = run.invoke(app, ["eval", "fairness", write(tmp_path, shifted(-1.0))])
    assert result.exit_code == 3
    assert "not about people" in result.output
    assert "below 4/5" in result.output
    assert "-1.00 (-1.00 to -1.00)" in result.output


def test_a_group_that_is_too_small_is_named_and_decides_nothing(tmp_path: Path) -> None:
    result = run.invoke(app, ["eval", "fairness", write(tmp_path, shifted(-0.3), count=6)])
    assert result.exit_code == 0
    assert "too few answers for a verdict: dialect (6)" in result.output


def test_a_fair_run_exits_with_zero(tmp_path: Path) -> None:
    result = run.invoke(app, ["eval", "fairness", write(tmp_path, shifted(0.0)), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["groups"][0]["shift"]["value"] == pytest.approx(0.0)


def test_a_kind_that_no_answer_has_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write(tmp_path, shifted(0.0))
    monkeypatch.setattr("sys.argv", ["soundcheck", "eval", "fairness", log, "--kind", "accent"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "accent: plain" in capsys.readouterr().err
