"""Rating answers by hand and blind: what a rater sees, in which order, and how it is kept.

A rater is shown question, answer and the anchors of one row. Gold, other ratings, groups and ids stay hidden, and every
rater meets the answers in an order of their own, so that nobody can guess what an answer was written to be.
"""

import hashlib
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.datasets import OVERALL, Item, Rating
from evals.errors import DatasetError
from rubrics.models import Rubric


class HandRating(BaseModel):
    """A line of a rating file. The last line for an answer and row counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    rater: str
    row: str
    score: int = Field(ge=1, le=5)


class Task(NamedTuple):
    """One row of one answer, as it is shown."""

    item: Item
    row: str
    title: str
    anchors: dict[int, str]


class Sheet:
    """All that one rater is to rate. Every rating is on the disk before the next is asked for."""

    def __init__(
        self, items: Sequence[Item], rubrics: Mapping[str, Rubric], *, rater: str, path: Path
    ) -> None:
        """Raises DatasetError where an item's rubric is not known or `path` holds somebody else's ratings."""
        self._rater, self._path = rater, path
        self.tasks = [task for item in _shuffled(items, rater) for task in _tasks(item, rubrics)]
        self._scores = self._stored(path) if path.exists() else {}

    def score(self, task: Task) -> int | None:
        """What the rater gave before."""
        return self._scores.get((task.item.id, task.row))

    @property
    def done(self) -> int:
        return sum(self.score(task) is not None for task in self.tasks)

    def next_open(self, start: int = 0) -> int | None:
        """The place of the first task from `start` on that has no rating."""
        places = range(start, len(self.tasks))
        return next((place for place in places if self.score(self.tasks[place]) is None), None)

    def rate(self, task: Task, score: int) -> None:
        rating = HandRating(id=task.item.id, rater=self._rater, row=task.row, score=score)
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(rating.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DatasetError(f"{self._path}: {error.strerror}\n  fix: make room, or --out FILE") from error
        self._scores[task.item.id, task.row] = score

    def _stored(self, path: Path) -> dict[tuple[str, str], int]:
        known = {(task.item.id, task.row) for task in self.tasks}
        found = read_ratings(path)
        for rating in found:
            if rating.rater != self._rater or (rating.id, rating.row) not in known:
                raise DatasetError(
                    f"{path}: holds ratings of {rating.rater!r} of another dataset or by another rater\n"
                    "  fix: name another file with --out"
                )
        return {(rating.id, rating.row): rating.score for rating in found}


def read_ratings(path: Path) -> list[HandRating]:
    """Each answer and row once, as rated last. Raises DatasetError naming line and fix."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: cannot be read: {error}\n  fix: give a file of eval rate") from error
    found: dict[tuple[str, str, str], HandRating] = {}
    for number, line in enumerate(lines, start=1):
        try:
            rating = HandRating.model_validate_json(line)
        except ValidationError as error:
            raise DatasetError(
                f"{path}: line {number}: {error.errors()[0]['msg']}\n  fix: remove the line, and rate it again"
            ) from error
        found[rating.id, rating.rater, rating.row] = rating
    return list(found.values())


def merged(items: Sequence[Item], ratings: Iterable[HandRating]) -> list[Item]:
    """The dataset with those ratings in its gold; what the same rater gave before is replaced."""
    by_item: dict[str, dict[tuple[str, str], Rating]] = {
        item.id: {(rating.rater, rating.row): rating for rating in item.gold} for item in items
    }
    for rating in ratings:
        if rating.id not in by_item:
            raise DatasetError(
                f"there is no answer {rating.id!r} in the dataset\n  fix: merge ratings into the dataset they are of"
            )
        by_item[rating.id][rating.rater, rating.row] = Rating(
            rater=rating.rater, row=rating.row, score=rating.score
        )
    return [item.model_copy(update={"gold": list(by_item[item.id].values())}) for item in items]


def _shuffled(items: Sequence[Item], rater: str) -> list[Item]:
    """An order that depends on the rater and the answers, and on nothing in the dataset's own order."""
    order = sorted(items, key=lambda item: hashlib.sha256(item.id.encode()).digest())
    random.Random(rater).shuffle(order)
    return order


def _tasks(item: Item, rubrics: Mapping[str, Rubric]) -> list[Task]:
    rubric = rubrics.get(item.rubric)
    if rubric is None:
        raise DatasetError(
            f"there is no rubric {item.rubric!r}\n"
            f"  fix: name its file with --rubric, or use one of {', '.join(rubrics)}"
        )
    rows = [Task(item, row.id, f"{row.title}. {row.about}", dict(row.anchors)) for row in rubric.rows]
    return [*rows, Task(item, OVERALL, "Overall. The answer as a whole.", dict(rubric.levels))]
