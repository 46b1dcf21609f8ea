"""Rubric files: the shipped ones are whole, and faults in a user's own are named with file, field and fix."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from rubrics.errors import RubricError
from rubrics.loader import load_rubric, load_rubrics, rubric_version, shipped_rubrics

ROWS = {
    "star": ["situation", "task", "action", "result", "reflection"],
    "staff": ["ownership", "depth", "scale", "influence", "impact"],
    "screen": ["background", "motivation", "culture", "stack", "logistics"],
    "code": ["correctness", "clarity", "complexity", "testing", "communication"],
}


def star_file() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files("rubrics") / "files" / "star.yaml").read_text("utf-8"))
    return data


def written(folder: Path, data: object) -> Path:
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def test_the_shipped_rubrics_have_their_rows() -> None:
    assert {id_: [row.id for row in rubric.rows] for id_, rubric in shipped_rubrics().items()} == ROWS


def test_every_shipped_check_asks_one_short_question() -> None:
    checks = [c for rubric in shipped_rubrics().values() for row in rubric.rows for c in row.checks]
    assert all(c.ask.split()[0] in {"Does", "Did", "Is", "Was", "Has", "Do"} for c in checks)
    assert max(len(c.ask.split()) for c in checks) <= 18


def test_the_version_changes_with_any_word_of_the_rubric(tmp_path: Path) -> None:
    data = star_file()
    same = load_rubric(written(tmp_path, data))
    data["rows"][0]["anchors"][5] += " indeed"
    changed = load_rubric(written(tmp_path, data))
    assert rubric_version(same) == rubric_version(shipped_rubrics()["star"])
    assert rubric_version(same).startswith(f"star@{same.version}+")
    assert rubric_version(same) != rubric_version(changed)


def test_a_users_rubric_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    data = star_file() | {"id": "own"}
    assert set(load_rubrics(written(tmp_path, data))) == {*ROWS, "own"}


def _drop_level(data: dict[str, Any]) -> None:
    del data["levels"][3]


def _drop_anchor(data: dict[str, Any]) -> None:
    del data["rows"][1]["anchors"][2]


def _double_row(data: dict[str, Any]) -> None:
    data["rows"].append(data["rows"][0])


def _double_check(data: dict[str, Any]) -> None:
    data["rows"][0]["checks"][1]["id"] = data["rows"][0]["checks"][0]["id"]


def _misspell(data: dict[str, Any]) -> None:
    data["rows"][2]["chekcs"] = []


def _statement(data: dict[str, Any]) -> None:
    data["rows"][0]["checks"][0]["ask"] = "The candidate tells a story."


def _one_check(data: dict[str, Any]) -> None:
    data["rows"][0]["checks"] = data["rows"][0]["checks"][:1]


def _only_low_checks(data: dict[str, Any]) -> None:
    for check in data["rows"][3]["checks"]:
        check["level"] = 2


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (_drop_level, "levels"),
        (_drop_anchor, "rows.task.anchors"),
        (_double_row, "rows"),
        (_double_check, "rows.situation.checks"),
        (_misspell, "rows.2.chekcs"),
        (_statement, "rows.situation.checks.story.ask"),
        (_one_check, "rows.0.checks"),
        (_only_low_checks, "rows.result.checks"),
    ],
)
def test_a_fault_is_named_with_file_field_and_fix(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], field: str
) -> None:
    data = star_file()
    spoil(data)
    path = written(tmp_path, data)
    with pytest.raises(RubricError) as caught:
        load_rubric(path)
    assert f"{path}: {field}: " in str(caught.value)
    assert "\n  fix: " in str(caught.value)


def test_a_file_that_is_no_yaml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("id: own\nrows: [", encoding="utf-8")
    with pytest.raises(RubricError, match="line 2"):
        load_rubric(path)


@pytest.mark.parametrize("content", [b"just words", b"\xff\xfe\x00", b""])
def test_a_file_that_is_no_rubric_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    with pytest.raises(RubricError, match="fix:"):
        load_rubric(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="cannot be read"):
        load_rubric(tmp_path / "none.yaml")
