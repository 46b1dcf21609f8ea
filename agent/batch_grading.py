"""Grades a file of answers line by line into another file, which at every instant holds whole lines only.

What OUT.jsonl holds already is kept, except where the model had failed: a run that was broken off carries on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.sessions import append_durably, write_atomically
from rubrics.errors import GradingError
from rubrics.grader import UNAVAILABLE, Grader
from rubrics.loader import rubric_version
from rubrics.models import Grade, GradeRequest

Progress = Callable[[float, int], None]
"""Hears how many lines are done, in parts of a line too, and of how many."""


class BadLine(BaseModel):
    """A line of IN.jsonl that cannot be graded, and why."""

    model_config = ConfigDict(frozen=True)

    line: int
    field: str
    message: str


class Summary(BaseModel):
    """What a run did. `unavailable` counts the answers on which the model failed; they are among the `unscored`."""

    graded: int = 0
    kept: int = 0
    unscored: int = 0
    unavailable: int = 0
    bad_lines: list[BadLine] = Field(default_factory=list)


async def grade_file(grader: Grader, source: Path, target: Path, *, progress: Progress) -> Summary:
    """Grade each line of `source` that `target` has no grade of yet. Raises GradingError where `target` is unusable."""
    with _sole_writer(target):
        have = _carry_on(grader, target)
        total, summary = sum(1 for _ in _lines(source)), Summary()
        first_line: dict[str, int] = {}
        for done, (number, line) in enumerate(_lines(source)):
            progress(done, total)
            request, faults = _request(line, number, grader, first_line)
            summary.bad_lines += faults
            if request is None:
                continue
            if request.id in have:
                summary.kept += 1
                continue
            grade = await grader.grade(request, progress=_within(progress, done, total))
            append_durably(target, grade)
            summary.graded += 1
            summary.unscored += grade.status == "unscored"
            summary.unavailable += _failed(grade)
        progress(total, total)
    return summary


@contextmanager
def _sole_writer(target: Path) -> Iterator[None]:
    lock = target.with_name(f".{target.name}.lock")
    try:
        with FileLock(lock, timeout=0):
            yield
            lock.unlink(missing_ok=True)
    except Timeout as error:
        raise GradingError(
            f"{target}: another soundcheck grade is writing it: wait, or name another file"
        ) from error
    except OSError as error:
        raise GradingError(f"{target}: {error.strerror}: name a file that you can write") from error


def _carry_on(grader: Grader, target: Path) -> set[str]:
    """Ids that `target` has grades of; a line that a crash cut short, and answers the model failed on, are dropped."""
    if not target.exists():
        return set()
    whole = [line for line in target.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    kept: list[bytes] = []
    ids: set[str] = set()
    for number, line in enumerate(whole, start=1):
        try:
            grade = Grade.model_validate_json(line)
        except ValidationError as error:
            raise GradingError(
                f"{target}: line {number} is not a grade: name another file for OUT"
            ) from error
        if _failed(grade):
            continue
        _must_match(grader, grade, target, number)
        kept.append(line)
        ids.add(grade.id)
    if b"".join(kept) != target.read_bytes():
        write_atomically(target, b"".join(kept).decode())
    return ids


def _must_match(grader: Grader, grade: Grade, target: Path, number: int) -> None:
    """Grades of two rubrics versions or two models in one file would be taken for one scale."""
    rubric = grader.rubrics.get(grade.rubric_version.split("@")[0])
    version = rubric_version(rubric) if rubric else grade.rubric_version
    if (grade.rubric_version, grade.model) != (version, grader.model):
        raise GradingError(
            f"{target}: line {number} was graded by {grade.rubric_version} with {grade.model}, and now it is {version} "
            f"with {grader.model}: name another file for OUT"
        )


def _lines(source: Path) -> Iterator[tuple[int, bytes]]:
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def _request(
    line: bytes, number: int, grader: Grader, first_line: dict[str, int]
) -> tuple[GradeRequest | None, list[BadLine]]:
    """The request of a line, or what is wrong with it."""
    try:
        request = GradeRequest.model_validate_json(line)
    except ValidationError as error:
        return None, [
            BadLine(line=number, field=".".join(map(str, e["loc"])) or "the line", message=e["msg"])
            for e in error.errors()
        ]
    if request.rubric not in grader.rubrics:
        known = ", ".join(grader.rubrics)
        return None, [BadLine(line=number, field="rubric", message=f"{request.rubric!r} is none of {known}")]
    first = first_line.setdefault(request.id, number)
    if first != number:
        return None, [
            BadLine(line=number, field="id", message=f"{request.id!r} is the id of line {first} too")
        ]
    return request, []


def _within(progress: Progress, done: int, total: int) -> Callable[[int, int], None]:
    return lambda part, of: progress(done + part / of, total)


def _failed(grade: Grade) -> bool:
    return grade.reason is not None and grade.reason.startswith(UNAVAILABLE)
