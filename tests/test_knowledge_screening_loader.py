import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from knowledge.errors import ContentError
from knowledge.screening.changes import changes
from knowledge.screening.loader import SCHEMA, SHIPPED, load_script, schema_text, shipped_scripts

NAME = "recruiter-screen-staff-ml"


def copied(folder: Path, **edits: str) -> Path:
    """The recruiter's script in `folder`, with texts replaced."""
    text = (SHIPPED / f"{NAME}.yaml").read_text(encoding="utf-8")
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "facts").mkdir(parents=True)
    facts = (SHIPPED / "facts" / "music-staff-ml.yaml").read_text(encoding="utf-8")
    (folder / "facts" / "music-staff-ml.yaml").write_text(facts, encoding="utf-8")
    file = folder / "script.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_published_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", shipped_scripts())
def test_the_published_schema_accepts_the_shipped_scripts(name: str) -> None:
    value = yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    value = json.loads(json.dumps(value))  # anchors are keyed by numbers, which JSON writes as text
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []


def test_any_edit_of_script_or_facts_makes_another_version(tmp_path: Path) -> None:
    same = copied(tmp_path / "same")
    edited = copied(tmp_path / "edited", **{"What came of it?": "How did it end?"})
    told = copied(tmp_path / "told")
    facts = told.parent / "facts" / "music-staff-ml.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("nine people", "ten people"), encoding="utf-8")
    versions = [load_script(file).version for file in (same, edited, told)]
    assert versions[0] == load_script(NAME).version
    assert len(set(versions)) == 3


def test_faults_name_file_line_and_fix(tmp_path: Path) -> None:
    file = copied(tmp_path / "bad", **{"competency: stack": "competency: stak", "id: k2": "id: k1"})
    with pytest.raises(ContentError) as raised:
        load_script(file)
    said = str(raised.value)
    assert f"{file}:" in said
    assert "questions[1].competency: there is no competency `stak`\n  fix: write `stack`" in said
    assert "`k1` is used twice" in said


def test_an_unknown_script_names_those_there_are() -> None:
    with pytest.raises(ContentError, match=r"use one of .*customer-support-lead"):
        load_script("nonsense")


def test_changes_say_whether_candidates_can_still_be_compared(tmp_path: Path) -> None:
    after = copied(
        tmp_path / "after",
        **{
            "Which part of it was your own work?": "Which part was yours?",
            "1: No experiment.": "1: None.",
            "retention_days: 180": "retention_days: 90",
            "Now it is your turn.": "Your turn.",
        },
    )
    found = {change.field: change.effect for change in changes(load_script(NAME), load_script(after))}
    assert found == {
        "questions.q1.probes[0]": "asked",
        "questions.q4.anchors[1]": "measured",
        "retention_days": "kept",
        "candidate_questions.invite": "said",
    }
    assert changes(load_script(NAME), load_script(NAME)) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        (
            "retention_days: 180",
            "retention_days: half a year",
            "'half a year' is not a whole number",
            "such as 3",
        ),
        ("minutes: 30\n", "minutes: 500\n", "500 is out of bounds", "at most 120"),
        ("minutes: 30\n", "minutes: soon\n", "'soon' is not a number", "such as 2.5"),
        ("typed_answers: true", "typed_answers: maybe", "'maybe' is not true or false", "true or false"),
        (
            "rows: [screen.stack]",
            "rows: screen.stack",
            "'screen.stack' is not a list",
            "on a line of its own",
        ),
        ("id: k1", "id: K1", "'K1' does not have the right form", "a k and a number"),
        ('version: "1.0"', 'version: "1"', "'1' does not have the right form", "two numbers with a dot"),
        ("      2: A list of names.", "      7: A list of names.", "7 is out of bounds", "at most 5"),
    ],
)
def test_a_wrong_value_is_told_in_a_recruiters_words(
    tmp_path: Path, old: str, new: str, message: str, fix: str
) -> None:
    with pytest.raises(ContentError) as caught:
        load_script(copied(tmp_path, **{old: new}))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert fix in problem.fix
    assert problem.line is not None
