"""Which answers a run grades."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from evals.datasets import Item, load_gold, load_jsonl
from evals.errors import DatasetError

GOLD_NAME = "gold"
AnySplit = Literal["calibration", "validation", "test", "all"]


def select(
    dataset: str, *, split: AnySplit, rubric: str | None = None, limit: int = 0, seed: int = 0
) -> list[Item]:
    """`dataset` is `gold` or a file; a file whose answers name no split is taken whole.

    `limit` draws so many by `seed`, in the order of the dataset. Raises DatasetError.
    """
    items = load_gold() if dataset == GOLD_NAME else load_jsonl(Path(dataset))
    if split != "all" and any(item.split for item in items):
        items = [item for item in items if item.split == split]
    found = [item for item in items if rubric in (None, item.rubric)]
    if not found:
        raise DatasetError(_nothing(dataset, split, rubric, items))
    return draw(found, limit=limit, seed=seed)


def draw(items: list[Item], *, limit: int, seed: int) -> list[Item]:
    """So many of `items` by `seed`, in their order; all for 0."""
    if not 0 < limit < len(items):
        return items
    drawn = sorted(random.Random(seed).sample(range(len(items)), limit))
    return [items[index] for index in drawn]


def name_of(dataset: str, split: AnySplit, items: Sequence[Item]) -> str:
    """For the run card: the dataset, and the split that was really made."""
    name = GOLD_NAME if dataset == GOLD_NAME else Path(dataset).name
    return f"{name}/{split}" if any(item.split for item in items) else name


def _nothing(dataset: str, split: str, rubric: str | None, items: Sequence[Item]) -> str:
    if rubric is None or not items:
        return f"{dataset}: the split {split!r} holds no answers\n  fix: name another with --split, or all"
    there = ", ".join(sorted({item.rubric for item in items}))
    return f"{dataset}: holds no answers for the rubric {rubric!r}\n  fix: name one of {there}"
