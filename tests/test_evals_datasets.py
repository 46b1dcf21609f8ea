from pathlib import Path

import pytest

from evals.datasets import Item, Rating, load_gold, load_jsonl, rows_rated, sha256_of
from evals.errors import DatasetError
from rubrics.loader import shipped_rubrics


def _item(**changes: object) -> Item:
    fields: dict[str, object] = {
        "id": "a",
        "rubric": "star",
        "question": "Why?",
        "answer": "Because.",
        "gold": [Rating(rater=r, row="overall", score=s) for r, s in (("x", 1), ("y", 2), ("z", 5))],
        "provenance": "authored",
        "licence": "Apache-2.0",
    }
    return Item.model_validate({**fields, **changes})


def test_what_a_grader_is_measured_against_is_the_median_of_the_raters() -> None:
    assert _item().target("overall") == 2
    assert _item().target("action") is None


def test_a_grader_is_never_given_the_gold_or_the_groups() -> None:
    request = _item(groups={"form": "dialect"}).request()
    assert "dialect" not in request.model_dump_json()
    assert "gold" not in request.model_dump()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"id": "a"}', "rubric"),
        ("not json", "line 1"),
        (_item().model_dump_json().replace('"score":5.0', '"score":"high"'), "gold.2.score"),
    ],
)
def test_a_broken_line_is_named_with_its_field(tmp_path: Path, line: str, field: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=rf"line 1: .*{field}|{field}"):
        load_jsonl(path)


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{_item().model_dump_json()}\n" * 2, encoding="utf-8")
    with pytest.raises(DatasetError, match="line 2: id: 'a' is on line 1 too"):
        load_jsonl(path)


def test_every_shipped_answer_is_rated_by_three_on_every_row_of_its_rubric() -> None:
    rubrics = shipped_rubrics()
    for item in load_gold():
        assert set(rows_rated([item])) == {*(row.id for row in rubrics[item.rubric].rows), "overall"}
        assert item.raters == ["reader-1", "reader-2", "writer"]
        assert item.provenance == "authored"


def test_no_question_is_in_two_splits() -> None:
    splits: dict[str, set[str | None]] = {}
    for item in load_gold():
        splits.setdefault(item.cluster, set()).add(item.split)
    assert all(len(found) == 1 and None not in found for found in splits.values())


def test_a_changed_answer_is_another_dataset() -> None:
    assert sha256_of([_item()]) != sha256_of([_item(answer="Because of that.")])
