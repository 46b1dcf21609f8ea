"""Checks a guide as its readers and listeners will meet it. Reports every fault at once, each with a way to mend it."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ConfigDict

from knowledge.documents import Document, Place, read_document, read_text
from knowledge.errors import Problem
from knowledge.loader import Draft, draft_problems, read_draft
from knowledge.models import CodingProblem, Guide, Phrasings, QuestionBank, QuestionKind, Topic
from knowledge.wording import follow_up_faults, near_duplicates, question_faults

CODE_FILES = ("starter.py", "solution.py", "tests_visible.py", "tests_hidden.py")
DISCUSSION_FILES = ("solution.md",)


class _Anything(BaseModel):
    """A mapping of whatever kind: for telling broken YAML from an unknown sort of file."""

    model_config = ConfigDict(extra="allow")


_TOLD_BY: dict[str, type[BaseModel]] = {
    "company": Guide,
    "points": Topic,
    "questions": QuestionBank,
    "phrasings": Phrasings,
    "statement": CodingProblem,
}
"""A field that only one kind of file has."""


def guide_problems(folder: Path, rows: Collection[str] | None = None) -> list[Problem]:
    """Everything wrong with the guide in `folder`, by file and line.

    `rows` are the rubric rows that exist, e.g. `staff.depth`; without them, rows are not checked.
    """
    draft = read_draft(folder)
    found = [*draft.faults, *draft_problems(draft), *_stage_problems(draft)]
    points = {t.model.id: [p.text for p in t.model.points] for t in draft.topics}
    for bank in draft.banks:
        found += bank_problems(bank, points.get(bank.model.topic, ()))
    for problem in draft.problems:
        found += code_problems(problem)
    found += _repeated(draft)
    if rows is not None:
        found += _row_problems(draft, rows)
    return sorted(dict.fromkeys(found), key=lambda p: (str(p.file), p.line or 0, p.field))


def lone_file_problems(path: Path, keys: Collection[str]) -> list[Problem]:
    """Everything wrong with a file outside a guide's folder, by what its top-level `keys` make it out to be."""
    found: list[Problem] = []
    model = next((model for key, model in _TOLD_BY.items() if key in keys), None)
    if model is None:
        if read_document(path, _Anything, found) is not None:
            fix = f"a file of a guide has one of the fields {', '.join(_TOLD_BY)}"
            found.append(Problem(path, "file", "this is no content file", fix))
    elif model is QuestionBank:
        bank = read_document(path, QuestionBank, found)
        found += bank_problems(bank, ()) if bank else ()
    else:
        read_document(path, model, found)
    return found


def bank_problems(bank: Document[QuestionBank], points: Collection[str]) -> Iterator[Problem]:
    """What one file of questions says badly. `points` are the texts of its topic's points."""
    kinds = {question.kind for question in bank.model.questions}
    for missing in [kind for kind in get_args(QuestionKind) if kind not in kinds]:
        yield bank.problem(("questions",), f"there is no question of the kind `{missing}`", "write one")
    for i, question in enumerate(bank.model.questions):
        for message, fix in question_faults(question.text):
            yield bank.problem(("questions", i, "text"), message, fix)
        for row, texts in question.follow_ups.items():
            for j, text in enumerate(texts):
                for message, fix in follow_up_faults(text, list(points)):
                    yield bank.problem(("questions", i, "follow_ups", row, j), message, fix)


def code_problems(problem: Document[CodingProblem]) -> Iterator[Problem]:
    """Whether the files of a coding problem are there and can be parsed; running them is left to the tests."""
    folder = problem.path.parent
    wanted = CODE_FILES if problem.model.kind == "code" else DISCUSSION_FILES
    for name in wanted:
        path = folder / name
        if not path.is_file():
            yield Problem(path, "file", f"a problem of the kind `{problem.model.kind}` needs it", "write it")
        elif path.suffix == ".py":
            yield from _python_problems(path)


def _python_problems(path: Path) -> Iterator[Problem]:
    faults: list[Problem] = []
    text = read_text(path, faults)
    yield from faults
    if text is None:
        return
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield Problem(path, "file", f"not Python: {error.msg}", "correct the syntax", error.lineno)
        return
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if path.stem.startswith("tests_") and not any(name.startswith("test_") for name in names):
        yield Problem(path, "file", "there is no test in it", "write functions whose names begin with test_")


def _stage_problems(draft: Draft) -> Iterator[Problem]:
    if draft.guide is None:
        return
    asked = {bank.model.topic for bank in draft.banks} | {path.stem for path in _faulty(draft, "questions")}
    for i, stage in enumerate(draft.guide.model.stages):
        if not asked.intersection(stage.topics):
            message = f"none of the topics of `{stage.id}` has questions"
            yield draft.guide.problem(("stages", i, "topics"), message, "write questions for one of them")


def _faulty(draft: Draft, kind: str) -> set[Path]:
    return {fault.file for fault in draft.faults if fault.file.parent.name == kind}


def _row_problems(draft: Draft, rows: Collection[str]) -> Iterator[Problem]:
    rubrics = {row.partition(".")[0] for row in rows}
    known = ", ".join(sorted(rows))
    for bank in draft.banks:
        for i, question in enumerate(bank.model.questions):
            for j, row in enumerate(question.rows):
                if row not in rows:
                    message = f"no rubric has the row `{row}`"
                    yield bank.problem(("questions", i, "rows", j), message, f"use one of: {known}")
    if draft.guide is not None:
        for i, stage in enumerate(draft.guide.model.stages):
            for j, name in enumerate(stage.rubrics):
                if name not in rubrics and name not in rows:
                    message = f"there is no rubric or row `{name}`"
                    fix = f"use one of: {', '.join(sorted(rubrics))}, or a single row"
                    yield draft.guide.problem(("stages", i, "rubrics", j), message, fix)


Said = tuple[Document[Guide] | Document[Topic] | Document[QuestionBank] | Document[Phrasings], Place, str]


def _repeated(draft: Draft) -> Iterator[Problem]:
    """Texts that say the same as an earlier one of their kind."""
    questions: list[Said] = []
    follow_ups: list[Said] = []
    for bank in draft.banks:
        for i, question in enumerate(bank.model.questions):
            questions.append((bank, ("questions", i, "text"), question.text))
            for row, texts in question.follow_ups.items():
                at = ("questions", i, "follow_ups", row)
                follow_ups += [(bank, (*at, j), text) for j, text in enumerate(texts)]
    points: list[Said] = [
        (topic, ("points", i, "text"), point.text)
        for topic in draft.topics
        for i, point in enumerate(topic.model.points)
    ]
    phrasings: list[Said] = [
        (said, ("phrasings", i), text)
        for said in draft.phrasings
        for i, text in enumerate(said.model.phrasings)
    ]
    for said in (questions, follow_ups, points, phrasings):
        for earlier, later in near_duplicates([text for *_, text in said]):
            document, place, _ = said[later]
            other, other_place, text = said[earlier]
            where = "in this file" if other is document else f"in {other.path.parent.name}/{other.path.name}"
            line = other.problem(other_place, "", "").line
            message = f"says the same as line {line} {where}: `{text}`"
            yield document.problem(place, message, "say something else, or remove it")
