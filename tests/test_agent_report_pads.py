"""Code and sketches in the report, whatever a candidate wrote into them."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from agent.grading import GradedAnswer, text_sha256
from agent.report.models import AnswerReport, Report
from agent.report.pads import write_sketches
from agent.report.render_html import render_html
from agent.report.render_markdown import render_markdown
from agent.report.sketch_svg import sketch_svg
from agent.sessions import append_durably
from graphs.board import Arrow, Board, Box, Sketch
from rubrics.coderun import CodeRun, Outcome
from rubrics.models import Grade, Interval, RowGrade
from tests.pad_sittings import SKETCH, run_of
from tests.report_sessions import STAFF, SessionBuilder, report_of, rubric

EVIL = '</svg></pre><script>alert(1)</script> " onload="x'
CODE = f"def mean(rows):\n    return sum(rows) / len(rows)  # {EVIL} ```\n"
CODE_RUBRIC = rubric("code", ["correctness", "testing"], ["one", "two", "three", "four", "five"])
RUN = CodeRun(
    tests=[
        Outcome(suite="visible", name="test_a", status="failed", message=f"assert 1 == 2 {EVIL}"),
        Outcome(suite="hidden", name="test_b", status="passed"),
        Outcome(suite="hidden", name="test_c", status="failed", message="assert secret == 1"),
    ],
    seconds=1.0,
)


@pytest.fixture
def builder(tmp_path: Path) -> SessionBuilder:
    """One answer with code, a run of it and a sketch."""
    builder = SessionBuilder(tmp_path, mode="typed", stages=["ml-system-design"])
    answer = builder.ask("model-serving/q1", "I would put a cache in front of it.")
    sketch = SKETCH.model_copy(update={"boxes": [*SKETCH.boxes, Box(id="e", label=EVIL[:50], x=700, y=300)]})
    board = Board(code=CODE, run=run_of(CODE, failed=[("test_a", "assert 1 == 2")]), runs=3, sketch=sketch)
    builder.answers[-1] = answer.model_copy(update={"board": board, "rows": ["code.correctness"]})
    builder.say("candidate", "code", CODE)
    return builder


def graded(builder: SessionBuilder) -> None:
    level = Interval(level=2.0, low=1.5, high=2.5)
    row = RowGrade.scored(level).model_copy(update={"tests": "1 of 2 hidden tests pass"})
    answer = builder.answers[-1]
    grade = Grade(
        id=answer.id,
        status="scored",
        reason=None,
        overall=level,
        rows={"correctness": row},
        rubric_version="1",
        model="m",
        flags=[],
    )
    line = GradedAnswer(answer=answer.id, text_sha256=text_sha256(answer), grades={"code": grade}, run=RUN)
    append_durably(builder.session.folder / "grades.jsonl", line)


def answer_of(builder: SessionBuilder) -> tuple[Report, AnswerReport]:
    report = report_of(builder, rubrics=[STAFF, CODE_RUBRIC])
    return report, report.answers[-1]


def test_the_code_is_shown_with_the_tests_that_were_run_for_the_grade(builder: SessionBuilder) -> None:
    graded(builder)
    _, answer = answer_of(builder)
    assert answer.code is not None
    assert answer.code.code == CODE
    assert [(t.suite, t.name, t.status) for t in answer.code.tests] == [
        ("visible", "test_a", "failed"),
        ("hidden", "test_b", "passed"),
        ("hidden", "test_c", "failed"),
    ]
    assert answer.code.tests[2].message is None
    assert answer.rows[0].tests == "1 of 2 hidden tests pass"
    assert (answer.code.runs, answer.code.summary) == (
        3,
        "1 of 2 hidden tests pass, 0 of 1 visible tests pass",
    )


def test_before_it_is_graded_the_candidates_own_last_run_is_shown(builder: SessionBuilder) -> None:
    _, answer = answer_of(builder)
    assert answer.code is not None
    assert [(t.suite, t.name) for t in answer.code.tests] == [("visible", "test_a")]
    assert answer.code.summary is None


def test_an_answer_without_pads_has_none(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    builder.ask("feedback/q1", "I listened.")
    report = report_of(builder)
    assert (report.answers[0].code, report.answers[0].sketch) == (None, None)
    assert "Your code" not in render_html(report)


def test_nothing_that_was_written_or_drawn_becomes_markup(builder: SessionBuilder) -> None:
    graded(builder)
    report, _ = answer_of(builder)
    html = render_html(report)
    assert "<script>alert" not in html
    assert 'onload="x' not in html
    assert html.count("<svg") == html.count("</svg>")
    assert "1 of 2 hidden tests pass" in html
    assert "secret" not in html


def test_code_in_markdown_cannot_end_its_block(builder: SessionBuilder) -> None:
    report, _ = answer_of(builder)
    text = render_markdown(report)
    assert f"````python\n{CODE.rstrip()}\n````" in text
    assert "Boxes: Mobile app (client)" in text


def test_each_sketch_is_a_picture_in_the_folder(builder: SessionBuilder) -> None:
    report, answer = answer_of(builder)
    write_sketches(builder.session, [*report.answers, answer])
    for name in ("sketch.svg", "sketch-2.svg"):
        root = ET.fromstring((builder.session.folder / name).read_text(encoding="utf-8"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}


def texts(sketch: Sketch) -> list[str]:
    root = ET.fromstring(sketch_svg(sketch, alone=True))
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_a_sketch_names_boxes_kinds_and_arrows() -> None:
    assert {"Mobile app", "client", "Ranker", "model", "Candidate index", "store", "request"} <= set(
        texts(SKETCH)
    )


def test_long_and_missing_labels_are_drawn_too() -> None:
    boxes = [
        Box(id="a", label="A feature store with a very long name that goes on", kind="queue", x=0, y=0),
        Box(id="b", label="", x=1200, y=640),
    ]
    arrows = [Arrow(source="a", target="b"), Arrow(source="b", target="a"), Arrow(source="a", target="a")]
    drawn = texts(Sketch(boxes=boxes, arrows=arrows))
    assert drawn[:3] == ["A feature store", "with a very long", "name that goes on"]
    assert "?" in drawn


def test_an_empty_sketch_is_a_picture_of_nothing() -> None:
    assert texts(Sketch()) == []


def test_arrows_end_at_the_border_of_boxes() -> None:
    boxes = [Box(id="a", label="A", x=100, y=100), Box(id="b", label="B", x=500, y=100)]
    root = ET.fromstring(sketch_svg(Sketch(boxes=boxes, arrows=[Arrow(source="a", target="b")]), alone=True))
    (path,) = [e for e in root.iter() if e.get("class") == "sketch-arrow"]
    assert path.get("d") == "M186.0 100.0L414.0 100.0"
