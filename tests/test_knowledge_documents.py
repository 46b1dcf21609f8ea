from pathlib import Path

import pytest

from knowledge.documents import field_name, read_document
from knowledge.errors import Problem
from knowledge.models import Fact, Phrasings

GOOD = "id: parking\nask:\n  - Where can I park?\n  - Is there parking?\nanswer: Behind the house.\n"


def problems(tmp_path: Path, text: str) -> list[Problem]:
    path = tmp_path / "fact.yaml"
    path.write_text(text, encoding="utf-8")
    faults: list[Problem] = []
    document = read_document(path, Fact, faults)
    assert (document is None) == bool(faults)
    return faults


def test_a_good_file_becomes_its_model_and_knows_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "fact.yaml"
    path.write_text(GOOD, encoding="utf-8")
    document = read_document(path, Fact, [])
    assert document is not None
    assert document.model.answer == "Behind the house."
    assert document.problem(("ask", 1), "too short", "lengthen it").line == 4


@pytest.mark.parametrize(
    ("change", "line", "field", "message", "fix"),
    [
        (("answer:", "anwser:"), 5, "anwser", "there is no field `anwser`", "rename it to `answer`"),
        (
            ("answer: Behind the house.", "colour: red\nanswer: x"),
            5,
            "colour",
            "no field `colour`",
            "remove it",
        ),
        (("answer: Behind the house.\n", ""), 1, "answer", "`answer` is missing", "add `answer`"),
        (("Behind the house.", "''"), 5, "answer", "the text is empty", "write the text"),
        (("Behind the house.", "42"), 5, "answer", "42 is not text", "put it in quotes"),
        (
            ("id: parking", "id: Park Ing"),
            1,
            "id",
            "'Park Ing' does not have the right form",
            "such as ml-engineer",
        ),
        (("  - Is there parking?\n", ""), 2, "ask", "1 entry", "give at least 2"),
        (("  - Is there parking?", "  - yes"), 4, "ask[1]", "True is not text", "put it in quotes"),
        (
            ("answer: Behind", "id: twice\nanswer: Behind"),
            5,
            "id",
            "given twice, first on line 1",
            "keep one",
        ),
        (("Is there parking?", "2020-01-01"), 4, "ask[1]", "neither text, number", "put the text in quotes"),
        (("Behind the house.", "!secret x"), 5, "answer", "neither text, number", "remove the tag !secret"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_way_to_mend_it(
    tmp_path: Path, change: tuple[str, str], line: int, field: str, message: str, fix: str
) -> None:
    found = problems(tmp_path, GOOD.replace(*change))
    assert any((p.line, p.field) == (line, field) and message in p.message and fix in p.fix for p in found), (
        list(map(str, found))
    )


def test_an_alias_is_refused_before_it_can_multiply(tmp_path: Path) -> None:
    bomb = "id: parking\nask: &a [x, y]\nanswer: *a\n"
    assert [p.message for p in problems(tmp_path, bomb)] == ["an alias (*name) stands here"]


def test_a_list_that_holds_itself_does_not_hang(tmp_path: Path) -> None:
    assert "alias" in problems(tmp_path, "id: parking\nask: &a [*a]\nanswer: x\n")[0].message


def test_broken_yaml_is_told_with_line_and_column(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "id: parking\nask: [one, two\nanswer: a: b\n")
    assert problem.line == 3
    assert "column" in problem.message


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_told_as_such(tmp_path: Path, text: str) -> None:
    assert [p.message for p in problems(tmp_path, text)] == ["the file is empty"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    assert {p.field for p in problems(tmp_path, "id: X Y\nask: []\n")} == {"id", "ask", "answer"}


def test_a_missing_file_and_one_that_is_not_utf8_are_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("answer: caf\u00e9".encode("latin-1"))
    faults: list[Problem] = []
    for path in (tmp_path / "none.yaml", latin, tmp_path):
        read_document(path, Phrasings, faults)
    assert [p.message for p in faults] == [
        "No such file or directory",
        "not UTF-8 at byte 11",
        "Is a directory",
    ]


def test_a_field_is_named_as_an_author_would_find_it() -> None:
    assert (
        field_name(("questions", 2, "follow_ups", "staff.depth", 0))
        == "questions[2].follow_ups[staff.depth][0]"
    )
    assert field_name(()) == "file"
