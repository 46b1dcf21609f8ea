"""The log of a run: everything a score needs, so that it can be computed again without a model.

A JSON Lines file: first the run card, then one line for each answer, written as soon as it is graded. A run that was
broken off carries on in the same file.
"""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.datasets import Item, sha256_of
from evals.errors import LogError
from rubrics.trace import GradeTrace

T = TypeVar("T", bound=BaseModel)


class RunCard(BaseModel):
    """What a run was made with. Two runs of the same card differ by chance alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = 1
    soundcheck: str
    python: str
    begun: datetime
    grader: str
    """How the answers were graded, e.g. `checks` or `structured`."""
    model: str
    """Name and start of the file's hash, or the endpoint's name for it."""
    rubrics: dict[str, str]
    """Version and hash by id."""
    prompts: str
    dataset: str
    dataset_sha256: str
    seed: int
    answers: int
    parallel: int = 1
    """So many answers were graded at a time; their seconds are then not those of an answer alone."""

    def same_work(self, other: "RunCard") -> bool:
        """Whether a run of `other` can carry on where one of this card stopped."""
        apart = {"begun", "python", "parallel"}
        return self.model_dump(exclude=apart) == other.model_dump(exclude=apart)


class Graded(BaseModel):
    """One answer as it was graded. `seconds` is the time it took, beside others where the card says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: Item
    trace: GradeTrace
    seconds: float


class RunLog(BaseModel):
    """A log read back."""

    model_config = ConfigDict(frozen=True)

    card: RunCard
    graded: list[Graded]


def new_card(
    items: Sequence[Item],
    *,
    dataset: str,
    grader: str,
    model: str,
    rubrics: dict[str, str],
    prompts: str,
    seed: int,
    parallel: int = 1,
) -> RunCard:
    return RunCard(
        soundcheck=version("soundcheck"),
        python=platform.python_version(),
        begun=datetime.now(UTC),
        grader=grader,
        model=model,
        rubrics=rubrics,
        prompts=prompts,
        dataset=dataset,
        dataset_sha256=sha256_of(items),
        seed=seed,
        answers=len(items),
        parallel=parallel,
    )


def read_log(path: Path) -> RunLog:
    """Raises LogError. A last line that was cut off by a crash is left out."""
    card, *rest = _whole_lines(path)
    return RunLog(card=_parse(path, RunCard, card), graded=[_parse(path, Graded, line) for line in rest])


def read_card(path: Path) -> RunCard:
    """As `read_log`, without reading what was graded."""
    return _parse(path, RunCard, _whole_lines(path)[0])


def must_be_of_same_answers(a: RunCard, b: RunCard) -> None:
    """Raises LogError saying which hashes differ."""
    if a.dataset_sha256 == b.dataset_sha256:
        return
    raise LogError(
        "the runs are of different answers\n"
        f"  dataset: {a.dataset} and {b.dataset}\n"
        f"  dataset_sha256: {a.dataset_sha256} and {b.dataset_sha256}\n"
        f"  answers: {a.answers} and {b.answers}\n"
        "  fix: run both on the same dataset, split and limit"
    )


def _whole_lines(path: Path) -> list[str]:
    """At least one."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(
            f"{path}: cannot be read: {error}\n  fix: give a log written by soundcheck eval run"
        ) from error
    whole = [line for line in lines[:-1] if line]
    if not whole:
        raise LogError(f"{path}: holds no run\n  fix: run soundcheck eval run --log {path}")
    return whole


def _parse(path: Path, model: type[T], line: str) -> T:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        raise LogError(
            f"{path}: {'.'.join(map(str, fault['loc'])) or 'a line'}: {fault['msg']}\n"
            "  fix: the log is from another version or was edited; run it again"
        ) from error


def append(path: Path, row: RunCard | Graded) -> None:
    """Add one line and wait until it is on the disk; half a line that a crash left is dropped first."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            _drop_broken_tail(file)
            file.write(row.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LogError(f"{path}: {error.strerror}\n  fix: make room, or name another file") from error


def _drop_broken_tail(file: BinaryIO) -> None:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    whole = file.read().rfind(b"\n") + 1
    if whole < end:
        file.truncate(whole)
    file.seek(0, os.SEEK_END)
