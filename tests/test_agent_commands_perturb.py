"""`soundcheck eval perturb` as a user meets it."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app
from agent.settings import Settings
from rubrics.language import Message
from tests.fakes import FakeLanguageModel

run = CliRunner()
QUICK = ["eval", "perturb", "--quick", "--laws", "still,floor", "--log", "perturb.jsonl"]


def use(model: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def opened(_: Settings) -> AsyncIterator[FakeLanguageModel]:
        yield model

    monkeypatch.setattr("agent.language.open_language_model", opened)


def impressed_by_an_introduction(messages: Sequence[Message]) -> float:
    return 5.0 if any("my pronouns are" in message["content"] for message in messages) else -5.0


def test_kept_laws_exit_with_zero_and_a_finished_log_is_not_graded_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(FakeLanguageModel(judge=lambda _: 0.0), monkeypatch)
    first = run.invoke(app, [*QUICK, "--json"])
    assert first.exit_code == 0, first.output
    found = json.loads(first.stdout)
    assert {verdict["family"]: verdict["value"] for verdict in found["verdicts"]} == {
        "still": 1.0,
        "floor": 1.0,
    }
    silent = FakeLanguageModel()
    use(silent, monkeypatch)
    assert json.loads(run.invoke(app, [*QUICK, "--json"]).stdout) == found
    assert silent.calls == []


def test_a_broken_law_exits_with_three_and_the_worst_cases_are_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(FakeLanguageModel(judge=impressed_by_an_introduction), monkeypatch)
    result = run.invoke(app, [*QUICK, "--report", "worst.md"])
    assert result.exit_code == 3, result.output
    assert "BROKEN" in result.output
    assert "names, pronouns, schools (" in (tmp_path / "worst.md").read_text(encoding="utf-8")


def test_an_unknown_law_is_wrong_use(settings: Settings) -> None:
    result = run.invoke(app, ["eval", "perturb", "--laws", "still,gravity"])
    assert result.exit_code == 2
    assert "gravity" in result.output
