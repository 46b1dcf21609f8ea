import pytest
from pydantic import ValidationError

from graphs.board import (
    MOST_BOXES,
    MOST_CODE_CHARACTERS,
    Arrow,
    Board,
    Box,
    Shown,
    Sketch,
    changed,
    run_in_words,
    sketch_in_words,
)
from tests.pad_sittings import SKETCH, run_of


def test_a_run_counts_for_the_code_it_was_made_of() -> None:
    board = changed(Board(), Shown(question="t/p", code="one", run=run_of("one", passed=["test_a"])))
    assert board.runs == 1
    assert board.last_run is not None
    later = changed(board, Shown(question="t/p", code="two"))
    assert later.run == board.run
    assert later.last_run is None
    assert later.runs == 1


def test_what_is_not_given_stays() -> None:
    board = changed(Board(code="one"), Shown(question="t/p", sketch=SKETCH))
    assert (board.code, board.sketch) == ("one", SKETCH)
    assert changed(board, Shown(question="t/p", code="")).code == ""


@pytest.mark.parametrize(
    ("sketch", "fault"),
    [
        ({"boxes": [{"id": "a", "label": "A", "x": 1, "y": 1}] * 2}, "same id"),
        ({"arrows": [{"source": "a", "target": "b"}]}, "one of them is no box"),
        ({"boxes": [{"id": "a", "label": "A" * 61, "x": 1, "y": 1}]}, "at most 60"),
        ({"boxes": [{"id": "a", "label": "A\x00", "x": 1, "y": 1}]}, "pattern"),
        ({"boxes": [{"id": "../a", "label": "A", "x": 1, "y": 1}]}, "pattern"),
        ({"boxes": [{"id": "a", "label": "A", "x": -1, "y": 1}]}, "greater than or equal"),
        ({"boxes": [{"id": "a", "label": "A", "x": float("nan"), "y": 1}]}, "less than or equal"),
        ({"boxes": [{"id": "a", "label": "A", "x": 1, "y": 1, "kind": "script"}]}, "Input should be"),
        ({"boxes": [{"id": "a", "label": "A", "x": 1, "y": 1, "onclick": "x"}]}, "Extra inputs"),
        (
            {"boxes": [{"id": f"b{i}", "label": "", "x": 1, "y": 1} for i in range(MOST_BOXES + 1)]},
            "at most 60",
        ),
    ],
)
def test_a_sketch_of_another_shape_or_size_is_refused(sketch: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Sketch.model_validate(sketch)


def test_code_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 20000"):
        Shown(question="t/p", code="x" * (MOST_CODE_CHARACTERS + 1))


def test_a_run_and_a_sketch_read_as_lines() -> None:
    run = run_of("x", failed=[("test_b", "assert 1 == 2")], passed=["test_a"])
    assert run_in_words(run) == "1 of 2 tests pass.\ntest_b: assert 1 == 2"
    assert sketch_in_words(SKETCH) == (
        "Boxes: Mobile app (client), Ranker (model), Candidate index (store)\n"
        "Arrows: Mobile app -> Ranker (request)"
    )
    nameless = Sketch(boxes=[Box(id="a", label="", x=1, y=1)], arrows=[Arrow(source="a", target="a")])
    assert sketch_in_words(nameless) == "Boxes: ? (service)\nArrows: ? -> ?"
