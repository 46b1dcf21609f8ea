"""`soundcheck validate`, `index` and `search` as a user meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app
from agent.settings import Settings
from graphs.loops import SHIPPED as LOOPS
from graphs.persona import SHIPPED as PERSONAS
from tests.small_guide import edit, write_guide

run = CliRunner()


@pytest.fixture(autouse=True)
def _elsewhere(settings: Settings) -> None:
    """Every command runs in the test's own folder."""


def test_all_that_is_shipped_is_valid() -> None:
    result = run.invoke(app, ["validate"])
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_wrong_guide_exits_with_one_and_names_file_line_field_and_fix(tmp_path: Path) -> None:
    guide = write_guide(tmp_path / "guide")
    edit(guide / "topics" / "chess.yaml", title=" ")
    result = run.invoke(app, ["validate", str(guide), "--json"])
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)
    assert problem == {
        "file": str(guide / "topics" / "chess.yaml"),
        "line": 2,
        "field": "title",
        "message": "the text is empty",
        "fix": "write the text, or remove the entry",
    }


def test_a_file_of_a_guide_is_checked_within_it(tmp_path: Path) -> None:
    guide = write_guide(tmp_path / "guide")
    edit(guide / "topics" / "chess.yaml", stage="nowhere")
    edit(guide / "topics" / "baking.yaml", title="")
    result = run.invoke(app, ["validate", str(guide / "topics" / "chess.yaml")])
    assert result.exit_code == 1
    assert "there is no stage `nowhere`" in result.stdout
    assert "baking" not in result.stdout


def test_loops_personas_and_rubrics_are_checked_by_those_who_read_them(tmp_path: Path) -> None:
    loop, persona, rubric = tmp_path / "loop.yaml", tmp_path / "persona.yaml", tmp_path / "rubric.yaml"
    loop.write_text((LOOPS / "full.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    persona.write_text((PERSONAS / "weak.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert run.invoke(app, ["validate", str(loop), str(persona)]).exit_code == 0
    edit(loop, default_stages=["nowhere"])
    edit(persona, title="")
    rubric.write_text("rows: []\nlevels: {}\n", encoding="utf-8")
    result = run.invoke(app, ["validate", str(loop), str(persona), str(rubric), "--json"])
    assert result.exit_code == 1
    found = {(Path(p["file"]).name, p["field"]) for p in json.loads(result.stdout)}
    assert {("persona.yaml", "title"), ("rubric.yaml", "rows"), ("rubric.yaml", "version")} <= found
    assert "loop.yaml" in {name for name, _ in found}


def test_a_loop_with_a_stage_that_the_guide_lacks_is_told(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    text = (LOOPS / "full.yaml").read_text(encoding="utf-8").replace("id: behavioral", "id: behaviour")
    loop.write_text(text, encoding="utf-8")
    result = run.invoke(app, ["validate", str(loop)])
    assert result.exit_code == 1
    assert "the guide has no such stage" in result.stdout


def test_a_file_that_does_not_exist_or_is_no_content_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("colour: red\n", encoding="utf-8")
    result = run.invoke(app, ["validate", str(tmp_path / "none.yaml"), str(other)])
    assert result.exit_code == 1
    assert "there is no such file" in result.stdout
    assert "this is no content file" in result.stdout


def test_a_search_without_words_is_a_wrong_use() -> None:
    assert run.invoke(app, ["search", "  "]).exit_code == 2


@pytest.mark.models
def test_search_prints_the_likeliest_topics_as_json() -> None:
    result = run.invoke(
        app, ["search", "someone who has just signed up and has no history", "--json", "-n", "3"]
    )
    assert result.exit_code == 0
    hits = json.loads(result.stdout)
    assert [set(hit) for hit in hits] == [{"topic", "stage", "score", "passage"}] * 3
    assert (hits[0]["topic"], hits[0]["stage"]) == ("cold-start", "domain-depth")
    assert len({hit["topic"] for hit in hits}) == 3


@pytest.mark.models
def test_an_index_that_is_current_is_left_as_it_is() -> None:
    assert run.invoke(app, ["index", "--json"]).exit_code == 0
    assert json.loads(run.invoke(app, ["index", "--json"]).stdout)["built"] is False
