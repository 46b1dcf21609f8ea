import json
from pathlib import Path

from typer.testing import CliRunner

from agent.cli import app

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
