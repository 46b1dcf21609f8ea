"""What changed between two runs over the same answers."""

from collections.abc import Sequence

import numpy as np

from evals.bootstrap import Resampling
from evals.breakdown import group_names
from evals.datasets import OVERALL
from evals.errors import LogError
from evals.metrics import kappa, mae, mean, rounded
from evals.paired import Paired, paired, row_names
from evals.runlog import RunCard, RunLog, must_be_of_same_answers
from evals.scores import Figure, Model

MOST_MOVED = 10
_OF_THE_DAY = {"begun", "python", "parallel"}
"""Fields of a card that say nothing about the work."""


class RowChange(Model):
    """Figures of B less those of A, on the answers that both scored."""

    row: str
    answers: int
    kappa_a: float | None
    kappa_b: float | None
    kappa: Figure
    error: Figure
    """Mean distance from the target: below 0 B is closer."""
    level: Figure
    """Mean level: above 0 B is more generous."""


class GroupChange(Model):
    """Of `overall`, over the answers that are a case of `name`."""

    name: str
    answers: int
    error: Figure
    level: Figure


class Move(Model):
    """An answer that the two runs grade differently."""

    id: str
    question: str
    target: float
    a: float
    b: float


class Comparison(Model):
    a: RunCard
    b: RunCard
    differs: dict[str, tuple[str, str]]
    """Fields of the run cards, with hashes, that are not the same."""
    answers: int
    only_a: int
    """Answers that B did not score."""
    only_b: int
    flips: float
    """Share of answers whose whole level differs."""
    rows: list[RowChange]
    """`overall` first."""
    groups: list[GroupChange]
    moved: list[Move]


def compare(a: RunLog, b: RunLog, *, seed: int = 0) -> Comparison:
    """Raises LogError where the datasets differ, or no answer was scored by both."""
    must_be_of_same_answers(a.card, b.card)
    ours, theirs = _common(a, b, OVERALL)
    if not len(ours):
        raise LogError("no rated answer was scored by both runs\n  fix: let both runs end, and compare again")
    draws = Resampling((graded.item.cluster for graded in (*a.graded, *b.graded)), seed=seed)
    rows = [_common(a, b, row) for row in (OVERALL, *row_names(a.graded))]
    return Comparison(
        a=a.card,
        b=b.card,
        differs=differing(a.card, b.card),
        answers=len(ours),
        only_a=len(paired(a.graded, OVERALL)) - len(ours),
        only_b=len(paired(b.graded, OVERALL)) - len(ours),
        flips=float((rounded(ours.level) != rounded(theirs.level)).mean()),
        rows=[_row_change(*pair, draws) for pair in rows if len(pair[0])],
        groups=_group_changes(ours, theirs, draws),
        moved=_moved(ours, theirs),
    )


def differing(a: RunCard, b: RunCard) -> dict[str, tuple[str, str]]:
    """Flat names of the fields that differ, e.g. `rubrics.star`."""
    ours, theirs = _flat(a), _flat(b)
    names = dict.fromkeys((*ours, *theirs))
    return {
        name: (ours.get(name, "–"), theirs.get(name, "–"))
        for name in names
        if ours.get(name) != theirs.get(name)
    }


def _flat(card: RunCard) -> dict[str, str]:
    fields = card.model_dump(exclude={*_OF_THE_DAY, "rubrics"})
    return {name: str(value) for name, value in fields.items()} | {
        f"rubrics.{name}": value for name, value in card.rubrics.items()
    }


def _common(a: RunLog, b: RunLog, row: str) -> tuple[Paired, Paired]:
    """Both in the same order."""
    ours, theirs = paired(a.graded, row), paired(b.graded, row).levels
    both = ours.where([item.id in theirs for item in ours.items])
    return both, both.graded_as(theirs)


def _row_change(ours: Paired, theirs: Paired, draws: Resampling) -> RowChange:
    weights = draws.weights(list(ours.clusters))
    before, after = kappa(ours, weights), kappa(theirs, weights)
    return RowChange(
        row=ours.row,
        answers=len(ours),
        kappa_a=Figure.of(before).value,
        kappa_b=Figure.of(after).value,
        kappa=Figure.of(after - before),
        error=Figure.of(mae(theirs, weights) - mae(ours, weights)),
        level=Figure.of(mean(theirs.level - ours.level, weights)),
    )


def _group_changes(ours: Paired, theirs: Paired, draws: Resampling) -> list[GroupChange]:
    found = []
    for name in sorted({name for item in ours.items for name in group_names(item)}):
        inside = [name in group_names(item) for item in ours.items]
        change = _row_change(ours.where(inside), theirs.where(inside), draws)
        found.append(GroupChange(name=name, answers=change.answers, error=change.error, level=change.level))
    return found


def _moved(ours: Paired, theirs: Paired) -> list[Move]:
    order: Sequence[int] = np.argsort(-np.abs(theirs.level - ours.level), kind="stable")[:MOST_MOVED].tolist()
    return [
        Move(
            id=ours.items[i].id,
            question=ours.items[i].question,
            target=float(ours.target[i]),
            a=float(ours.level[i]),
            b=float(theirs.level[i]),
        )
        for i in order
        if theirs.level[i] != ours.level[i]
    ]
