"""What a report shows of the pads: the code with its tests, and the sketch."""

from collections.abc import Sequence

from agent.grading import GradedAnswer
from agent.report.material import Material
from agent.report.models import AnswerReport
from agent.report.published import CodeReport, CodeTest
from agent.report.sketch_svg import sketch_svg
from agent.sessions import Session, write_atomically
from graphs.board import Sketch
from graphs.models import Answer
from rubrics.executed import in_words


def code_report(answer: Answer, graded: GradedAnswer | None, material: Material) -> CodeReport | None:
    """The code as it was left. Its tests are those run for the grade, else those that the candidate ran last."""
    board = answer.board
    if board is None or not board.code.strip():
        return None
    problem = material.library.problems.get(answer.question.rpartition("/")[2])
    run = graded.run if graded else None
    tests = [
        CodeTest(
            suite=test.suite,
            name=test.name,
            status=test.status,
            message=test.message if test.suite == "visible" else None,
        )
        for test in (run.tests if run else [])
    ]
    if run is None and board.last_run is not None:
        tests = [CodeTest(suite="visible", **test.model_dump()) for test in board.last_run.tests]
    return CodeReport(
        problem=problem.title if problem else answer.question,
        code=board.code,
        runs=board.runs,
        tests=tests,
        summary=in_words(run) if run else None,
    )


def sketch_of(answer: Answer) -> Sketch | None:
    """None also where nothing was drawn."""
    sketch = answer.board.sketch if answer.board else None
    return sketch if sketch and sketch.boxes else None


def write_sketches(session: Session, answers: Sequence[AnswerReport]) -> None:
    """Each sketch as a picture in the session's folder: `sketch.svg`, then `sketch-2.svg`."""
    sketches = [answer.sketch for answer in answers if answer.sketch is not None]
    for number, sketch in enumerate(sketches, 1):
        name = "sketch.svg" if number == 1 else f"sketch-{number}.svg"
        write_atomically(session.folder / name, f"{sketch_svg(sketch, alone=True)}\n")
