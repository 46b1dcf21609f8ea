"""Sets of answers whose grade somebody has given: the shipped ones, and a user's own as JSON Lines.

Who gave the grades is part of every item (`provenance`), and every report shows it: an authored target is never taken
for a human rating.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from evals.errors import DatasetError
from rubrics.models import GradeRequest

GOLD = Path(__file__).parent / "data" / "gold"
OVERALL = "overall"
"""The row under which the whole answer is rated."""
Split = Literal["calibration", "validation", "test"]
Names = Annotated[list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
"""One name or several."""


class Rating(BaseModel):
    """What one rater gave one row, on the rubric's scale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rater: str
    row: str
    score: float


class Item(BaseModel):
    """One line of a dataset. `groups` names what the answer is a case of, e.g. {"form": ["dialect", "terse"]}."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    rubric: str
    stage: str = ""
    topic: str = ""
    question_id: str = ""
    question: str
    answer: str
    gold: list[Rating] = Field(default_factory=list)
    groups: dict[str, Names] = Field(default_factory=dict)
    split: Split | None = None
    provenance: str
    licence: str

    @property
    def cluster(self) -> str:
        """Answers to one question are not independent: intervals and splits keep them together."""
        return self.question_id or hashlib.sha256(self.question.encode()).hexdigest()[:12]

    @property
    def raters(self) -> list[str]:
        return sorted({rating.rater for rating in self.gold})

    def ratings(self, row: str) -> dict[str, float]:
        """By rater."""
        return {rating.rater: rating.score for rating in self.gold if rating.row == row}

    def target(self, row: str) -> float | None:
        """The median of the raters; None where nobody rated the row."""
        scores = self.ratings(row).values()
        return median(scores) if scores else None

    def request(self) -> GradeRequest:
        """What a grader is given of it: never the gold."""
        return GradeRequest(
            id=self.id,
            rubric=self.rubric,
            round=self.stage,
            topic=self.topic,
            question=self.question,
            answer=self.answer,
        )


def load_gold(split: Split | None = None) -> list[Item]:
    """The shipped authored answers."""
    items = [item for path in sorted(GOLD.glob("*.jsonl")) for item in load_jsonl(path)]
    return [item for item in items if split in (None, item.split)]


def load_jsonl(path: Path) -> list[Item]:
    """A dataset file. Raises DatasetError naming line, field and fix."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: cannot be read: {error}\n  fix: give a UTF-8 JSON Lines file") from error
    items: list[Item] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        item = _item(path, number, line)
        if item.id in first_line:
            raise DatasetError(
                f"{path}: line {number}: id: {item.id!r} is on line {first_line[item.id]} too\n"
                "  fix: give every answer its own id"
            )
        first_line[item.id] = number
        items.append(item)
    if not items:
        raise DatasetError(
            f"{path}: holds no answers\n  fix: one JSON object a line; see evals/data/README.md"
        )
    return items


def sha256_of(items: Sequence[Item]) -> str:
    """Changes whenever any item, or their order, does."""
    digest = hashlib.sha256()
    for item in items:
        digest.update(item.model_dump_json().encode() + b"\n")
    return digest.hexdigest()


def rows_rated(items: Iterable[Item]) -> list[str]:
    """Every row that some rater rated, `overall` last."""
    rows = dict.fromkeys(rating.row for item in items for rating in item.gold)
    return [*(row for row in rows if row != OVERALL), *((OVERALL,) if OVERALL in rows else ())]


def _item(path: Path, number: int, line: str) -> Item:
    try:
        return Item.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "the line"
        raise DatasetError(
            f"{path}: line {number}: {field}: {fault['msg']}\n  fix: see evals/data/README.md for the form"
        ) from error
