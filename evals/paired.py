"""Levels beside their targets, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.bootstrap import Array
from evals.datasets import OVERALL, Item
from evals.runlog import Graded
from rubrics.models import Interval, RowGrade


@dataclass(frozen=True)
class Paired:
    """Arrays of one length, an element for each answer that has both a level and a target."""

    row: str
    items: list[Item]
    clusters: NDArray[Any]
    target: Array
    level: Array
    low: Array
    high: Array
    words: Array
    """Logarithm of the answer's length in words."""
    unscored: int
    """Answers with a target but without a level; they are in none of the arrays."""

    def __len__(self) -> int:
        return len(self.items)

    def where(self, chosen: Sequence[bool]) -> "Paired":
        """Only some of the answers."""
        keep = np.asarray(chosen, dtype=bool)
        return replace(
            self,
            items=[item for item, kept in zip(self.items, keep, strict=True) if kept],
            clusters=self.clusters[keep],
            target=self.target[keep],
            level=self.level[keep],
            low=self.low[keep],
            high=self.high[keep],
            words=self.words[keep],
        )

    def graded_as(self, levels: Mapping[str, float]) -> "Paired":
        """The same answers with somebody else's levels, by id; those without one count as unscored."""
        pairs = self.where([item.id in levels for item in self.items])
        other = np.array([levels[item.id] for item in pairs.items], dtype=np.float64)
        return replace(pairs, level=other, low=other, high=other, unscored=len(self) - len(pairs))

    @property
    def levels(self) -> dict[str, float]:
        return {item.id: float(level) for item, level in zip(self.items, self.level, strict=True)}


def row_names(graded: Sequence[Graded]) -> list[str]:
    """`rubric.row` for every row that was rated."""
    return list(
        dict.fromkeys(
            f"{each.item.rubric}.{rating.row}"
            for each in graded
            for rating in each.item.gold
            if rating.row != OVERALL
        )
    )


def paired(graded: Sequence[Graded], row: str) -> Paired:
    """`row` is `overall`, which is of all rubrics, `rubric.overall` or `rubric.row`."""
    rubric, _, name = row.rpartition(".")
    rated = [g for g in graded if rubric in ("", g.item.rubric) and g.item.target(name) is not None]
    found = [(g.item, interval) for g in rated if (interval := level_of(g, name)) is not None]
    columns = [
        (float(item.target(name) or 0.0), each.level, each.low, each.high, np.log1p(word_count(item)))
        for item, each in found
    ]
    target, level, low, high, words = np.array(columns, dtype=np.float64).reshape(-1, 5).T
    return Paired(
        row=row,
        items=[item for item, _ in found],
        clusters=np.array([item.cluster for item, _ in found]),
        target=target,
        level=level,
        low=low,
        high=high,
        words=words,
        unscored=len(rated) - len(found),
    )


def level_of(graded: Graded, name: str) -> Interval | None:
    """The level of `overall` or of a row; None where it is unscored."""
    grade = graded.trace.grade
    if name == OVERALL:
        return grade.overall
    return _interval(grade.rows.get(name))


def word_count(item: Item) -> int:
    return len(item.answer.split())


def _interval(row: RowGrade | None) -> Interval | None:
    if row is None or row.level is None or row.low is None or row.high is None:
        return None
    return Interval(level=row.level, low=row.low, high=row.high)
