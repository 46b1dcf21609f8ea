"""Graders that do not read: what any real one has to beat.

Each looks at one surface of the answer. On training answers it learns the direction, and mean and spread of the
targets, which gives it the best kappa that its correlation allows: a rival should not lose for lack of fitting.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from evals.datasets import Item
from evals.metrics import rounded
from evals.paired import word_count
from rubrics.evidence import cue_hits
from rubrics.models import Rubric

FOLDS = 5
Levels = dict[str, float]
"""By answer id."""
Feature = Callable[[Item], float]
_WORD = re.compile(r"[a-z]{4,}")


class _Line(NamedTuple):
    """Places a feature on the scale of the targets."""

    feature_mean: float
    target_mean: float
    slope: float

    def level(self, feature: float) -> float:
        raw = self.target_mean + self.slope * (feature - self.feature_mean)
        return min(5.0, max(1.0, raw))


def rivals(
    items: Sequence[Item], row: str, rubrics: Mapping[str, Rubric], train: Sequence[Item] | None
) -> dict[str, Levels]:
    """By name of the baseline. `row` is a rubric's row or `overall`.

    Without answers to train on, each question is graded by what the other questions taught.
    """
    found: dict[str, Levels] = {"majority": {}, "length": {}, "question words": {}, "cue words": {}}
    for rubric in dict.fromkeys(item.rubric for item in items):
        for held_out, taught in _folds([i for i in items if i.rubric == rubric], rubric, train):
            taught = [item for item in taught if item.target(row) is not None]
            if taught:
                for name, levels in _graded(held_out, taught, row, rubrics.get(rubric)).items():
                    found[name] |= levels
    return {name: levels for name, levels in found.items() if levels}


def _graded(
    held_out: Sequence[Item], taught: Sequence[Item], row: str, rubric: Rubric | None
) -> dict[str, Levels]:
    targets = [float(item.target(row) or 0.0) for item in taught]
    usual = Counter(float(level) for level in rounded(np.array(targets))).most_common(1)[0][0]
    found = {"majority": {item.id: usual for item in held_out}}
    for name, feature in _features(row, rubric).items():
        line = _fit([feature(item) for item in taught], targets)
        found[name] = {item.id: line.level(feature(item)) for item in held_out}
    return found


def _features(row: str, rubric: Rubric | None) -> dict[str, Feature]:
    """Length; words taken from the question; cues of the row's checks, or of all rows for `overall`."""
    rows = rubric.rows if rubric else []
    checks = [check for each in rows if row in (each.id, "overall") for check in each.checks]
    found: dict[str, Feature] = {
        "length": lambda item: float(np.log1p(word_count(item))),
        "question words": _question_words,
    }
    if checks:
        found["cue words"] = lambda item: float(sum(cue_hits(check, item.answer) for check in checks))
    return found


def _question_words(item: Item) -> float:
    asked = set(_WORD.findall(item.question.casefold()))
    said = set(_WORD.findall(item.answer.casefold()))
    return len(asked & said) / max(1, len(asked))


def _fit(feature: Sequence[float], target: Sequence[float]) -> _Line:
    spread = float(np.std(feature))
    if spread < 1e-9:
        return _Line(0.0, float(np.mean(target)), 0.0)
    together = float(np.mean((np.array(feature) - np.mean(feature)) * (np.array(target) - np.mean(target))))
    slope = float(np.sign(together) * np.std(target) / spread)
    return _Line(float(np.mean(feature)), float(np.mean(target)), slope)


def _folds(
    items: Sequence[Item], rubric: str, train: Sequence[Item] | None
) -> list[tuple[list[Item], list[Item]]]:
    """Answers to grade, each time with those to learn from; no question is in both."""
    if train is not None:
        held_out = {item.cluster for item in items}
        return [(list(items), [t for t in train if t.rubric == rubric and t.cluster not in held_out])]
    clusters = [item.cluster for item in items]
    if len(set(clusters)) < 2:
        return []
    from sklearn.model_selection import GroupKFold

    folds = GroupKFold(n_splits=min(FOLDS, len(set(clusters)))).split(items, groups=clusters)
    return [([items[i] for i in out], [items[i] for i in rest]) for rest, out in folds]
