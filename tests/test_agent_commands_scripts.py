import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agent.cli import app
from agent.commands.scripts.reviewing import _show_impact
from evals.impact import Person, impact

RUN = CliRunner()


def test_a_new_script_is_without_fault_and_a_version_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "desk" / "My Screen.yaml"
    assert RUN.invoke(app, ["script", "new", str(file)]).exit_code == 0
    linted = RUN.invoke(app, ["script", "lint", str(file), "--json"])
    assert (linted.exit_code, json.loads(linted.stdout)) == (0, [])
    shown = json.loads(RUN.invoke(app, ["script", "show", str(file), "--json"]).stdout)
    assert shown["version"].startswith("my-screen@1.0+")
    again = RUN.invoke(app, ["script", "new", str(file)])
    assert again.exit_code == 2
    assert "exists already" in again.output


def test_lint_names_line_reason_and_better_words(tmp_path: Path) -> None:
    file = tmp_path / "screen.yaml"
    RUN.invoke(app, ["script", "new", str(file)])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Where did it break?", "How old were you then?"), encoding="utf-8")
    line = text[: text.index("Where did it break?")].count("\n") + 1
    result = RUN.invoke(app, ["script", "lint", str(file)])
    assert result.exit_code == 1
    assert f"{file}:{line}: questions[1].probes[1]: must not be asked: it is about age" in result.stdout
    assert "better: How much experience do you have" in result.stdout


def test_show_prints_every_text_that_is_said() -> None:
    shown = " ".join(RUN.invoke(app, ["script", "show", "customer-support-lead"]).stdout.split())
    for text in ("Lena.", "shift,", "angry", "facts", "decided by"):
        assert text in shown


def test_diff_tells_two_scripts_apart_by_its_exit_code() -> None:
    same = RUN.invoke(app, ["script", "diff", "ml-engineer-screen", "ml-engineer-screen"])
    assert (same.exit_code, "the two are the same" in same.stdout) == (0, True)
    other = RUN.invoke(app, ["script", "diff", "ml-engineer-screen", "customer-support-lead", "--json"])
    assert other.exit_code == 1
    assert {change["effect"] for change in json.loads(other.stdout)["changes"]} >= {"asked", "said", "kept"}


def test_an_unknown_script_is_one_clear_message() -> None:
    result = RUN.invoke(app, ["script", "show", "nonsense"])
    assert "no script of that name" in str(result.exception)


def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("SOUNDCHECK_DATA_DIR", str(tmp_path / "data"))
    return RUN.invoke(app, ["script", "run", *options])


def test_a_conversation_is_prepared_and_carried_on_by_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begun(tmp_path, monkeypatch, "ml-engineer-screen", "--room", "--candidate", "[/b] C-1")
    assert first.exit_code == 0
    session = first.stdout.strip().rpartition("/")[2]
    card = tmp_path / "data" / "sessions" / session / "room.json"
    kept = card.read_text(encoding="utf-8")
    again = begun(tmp_path, monkeypatch, "--resume", session, "--room")
    assert (again.exit_code, card.read_text(encoding="utf-8")) == (0, kept)
    listed = RUN.invoke(app, ["script", "review", "--no-grading", "--no-serve"])
    assert (listed.exit_code, "[/b] C-1" in listed.stdout) == (0, True)
    twice = begun(tmp_path, monkeypatch, "ml-engineer-screen", "--room", "--candidate", "[/b] C-1")
    assert f"script run --resume {session}" in str(twice.exception)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["ml-engineer-screen", "--candidate", "C-1", "--spoken", "--room"],
        ["ml-engineer-screen", "--resume", "20260101-000000-abcd"],
        ["--resume", "20260101-000000-abcd", "--candidate", "C-2"],
        ["--resume", "20260101-000000-abcd", "--extra-time"],
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    assert begun(tmp_path, monkeypatch, *options).exit_code == 2


def test_an_edit_between_two_candidates_is_said_with_what_it_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "screen.yaml"
    RUN.invoke(app, ["script", "new", str(file)])
    assert "differs" not in begun(tmp_path, monkeypatch, str(file), "--room", "--candidate", "C-1").stderr
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Where did it break?", "Why did it break?"), encoding="utf-8")
    second = begun(tmp_path, monkeypatch, str(file), "--room", "--candidate", "C-2")
    said = " ".join(second.stderr.split())
    assert "which 1 candidate had: candidates of the two versions answered different questions" in said


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Where did it break?", "How old were you then?", "it is about age"),
        ("rows: [screen.background]", "rows: [screen.nonsense]", "no rubric has the row"),
    ],
)
def test_nobody_is_asked_what_must_not_be_asked_or_cannot_be_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, why: str
) -> None:
    file = tmp_path / "screen.yaml"
    RUN.invoke(app, ["script", "new", str(file)])
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused = begun(tmp_path, monkeypatch, str(file), "--room", "--candidate", "C-1")
    assert why in str(refused.exception)
    assert not (tmp_path / "data" / "sessions").exists()


def test_rates_of_a_version_that_nobody_was_asked_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path, monkeypatch, "ml-engineer-screen", "--room", "--candidate", "C-1")
    groups = tmp_path / "groups.csv"
    groups.write_text("candidate,gender\nC-1,[/red]\n", encoding="utf-8")
    unknown = RUN.invoke(app, ["script", "impact", str(groups), "--script", "nonsense@1.0"])
    assert "use one of ml-engineer-screen@1.0+" in str(unknown.exception)


def test_rates_are_printed_with_whose_levels_they_are_and_who_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = [Person(candidate="C-1", selected=True, level=3.0)]
    found = impact(people, {"C-1": {"gender": "[/red]"}, "C-2": {"gender": "x"}}, "s@1.0+0")
    _show_impact(Console(width=200), found, "Robin Vale")
    printed = capsys.readouterr().out
    assert "[/red]" in printed
    assert "1 line of the file is of nobody" in printed
    assert "Levels are those that Robin Vale gave" in printed


def test_a_folder_that_cannot_be_written_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = RUN.invoke(app, ["script", "new", str(tmp_path / "file" / "screen.yaml")])
    assert result.exit_code == 2
    assert "cannot be written" in result.output
