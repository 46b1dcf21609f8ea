from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app
from evals.datasets import load_jsonl
from evals.errors import DatasetError
from evals.importing import Mapping, read_table

HEADER = "id,rubric,question,answer,ann:action,ann:overall,bob:action,group:form"
GOOD = 'a1,star,Why?,"Because, in the end,\nI tried it.",4,3.5,,dialect; terse'


def table(folder: Path, *lines: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_becomes_a_dataset(tmp_path: Path) -> None:
    (item,) = read_table(table(tmp_path, HEADER, GOOD, ",,,,,,,"))
    assert item.answer == "Because, in the end,\nI tried it."
    assert item.ratings("action") == {"ann": 4}
    assert item.ratings("overall") == {"ann": 3.5}
    assert item.groups == {"form": ["dialect", "terse"]}
    assert item.provenance == "not stated"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((HEADER, GOOD, "a2,star,Why?,No,high,,,"), "line 4: column 'ann:action': 'high' is not a number"),
        ((HEADER, "a2,star,Why?,No,9,,,"), "line 2: column 'ann:action': 9 is outside the scale 1-5"),
        ((HEADER, GOOD, GOOD), "line 4: column 'id': 'a1' is on line 2 too"),
        ((HEADER, "a2,star,Why?,No,well,4,,,,"), "line 2: 10 cells under 8 columns"),
        (("id,rubric,answer", "a,star,b"), "column 'question' is missing"),
        (("id,rubric,question,answer,split", "a,star,b,c,dev"), "line 2: column 'split': "),
        (("id,rubric,question,answer,:overall", "a,star,b,c,3"), "column ':overall': is no field"),
        ((HEADER,), "no line is left"),
        ((), "column 'rubric' is missing"),
    ],
)
def test_a_fault_is_named_with_line_and_column_and_fix(
    tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(DatasetError) as fault:
        read_table(table(tmp_path, *lines))
    assert message in str(fault.value)
    assert "\n  fix: " in str(fault.value)


def test_other_names_other_scales_and_part_of_a_table_can_be_read(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "essay_id\tessay_set\tessay\trater1_trait1\trater2_trait1",
        "7001\t7\tI was patient.\t0\t3",
        "8001\t8\tI laughed.\t5\t6",
        name="asap.tsv",
    )
    mapping = Mapping(
        columns={
            "id": "essay_id",
            "answer": "essay",
            "rater1:ideas": "rater1_trait1",
            "rater2:ideas": "rater2_trait1",
        },
        values={"rubric": "narrative", "question": "Tell about patience.", "provenance": "human"},
        where={"essay_set": "7"},
        scale=(0, 3),
    )
    (item,) = read_table(path, mapping)
    assert (item.id, item.provenance, item.ratings("ideas")) == ("7001", "human", {"rater1": 1, "rater2": 5})


def test_lines_without_ids_are_numbered(tmp_path: Path) -> None:
    path = table(tmp_path, "rubric,question,answer", "star,Why?,So.", "star,Why?,No.")
    assert [item.id for item in read_table(path)] == ["mine-2", "mine-3"]


def test_a_file_in_another_encoding_is_refused_until_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("rubric,question,answer\nstar,Why?,Café".encode("latin-1"))
    with pytest.raises(DatasetError, match="--encoding"):
        read_table(path)
    assert read_table(path, encoding="latin-1")[0].answer == "Café"


def test_the_command_writes_what_the_evals_read(tmp_path: Path) -> None:
    source, target = table(tmp_path, HEADER, GOOD), tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["eval", "import", str(source), str(target)])
    assert result.exit_code == 0, result.output
    assert "1 answers to 1 questions, rated by ann" in result.output
    assert load_jsonl(target) == read_table(source)


@pytest.mark.parametrize("options", [["--scale", "5"], ["--scale", "5-1"], ["--column", "answer"]])
def test_a_wrong_option_is_wrong_use(tmp_path: Path, options: list[str]) -> None:
    source = table(tmp_path, HEADER, GOOD)
    result = CliRunner().invoke(app, ["eval", "import", str(source), str(tmp_path / "out.jsonl"), *options])
    assert result.exit_code == 2
