"""Where the error sits: by level, by group, by check, and answer by answer."""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean as mean_of

import numpy as np

from evals.bootstrap import Array, Resampling
from evals.datasets import OVERALL, Item
from evals.metrics import mae, mean, rounded
from evals.paired import Paired, level_of
from evals.runlog import Graded
from evals.scores import Band, Bin, Cell, Figure, Group, Miss, Quotes, Reliability
from rubrics.levels import credit
from rubrics.trace import CheckTrace

WORST = 20
FORM = "form"
_WORST_CELLS, _FEWEST_IN_CELL = 10, 3
_BINS = 10


def confusion(pairs: Paired) -> list[list[int]]:
    """Answers by whole target and whole level, 1-5."""
    table = np.zeros((5, 5), dtype=int)
    for target, level in zip(rounded(pairs.target), rounded(pairs.level), strict=True):
        table[int(np.clip(target, 1, 5)) - 1, int(np.clip(level, 1, 5)) - 1] += 1
    return [[int(count) for count in row] for row in table]


def bands(pairs: Paired, draws: Resampling) -> list[Band]:
    found = []
    for level in range(1, 6):
        inside = pairs.where(list(rounded(pairs.target) == level))
        if len(inside):
            weights = draws.weights(list(inside.clusters))
            error, middle = Figure.of(mae(inside, weights)), Figure.of(mean(inside.level, weights))
            found.append(Band(level=level, answers=len(inside), error=error, mean_level=middle))
    return found


def groups(pairs: Paired, draws: Resampling) -> list[Group]:
    names = sorted({name for item in pairs.items for name in group_names(item)})
    spread = float(pairs.target.std())
    found = []
    for name in names:
        inside = pairs.where([name in group_names(item) for item in pairs.items])
        weights = draws.weights(list(inside.clusters))
        shift = mean(inside.level - inside.target, weights) / spread if spread > 0 else None
        found.append(
            Group(
                name=name,
                answers=len(inside),
                shift=Figure(value=None) if shift is None else Figure.of(shift),
                error=Figure.of(mae(inside, weights)),
            )
        )
    return found


def group_names(item: Item) -> list[str]:
    return [f"{kind}: {name}" for kind, names in item.groups.items() for name in names]


def reliability(graded: Sequence[Graded], draws: Resampling) -> list[Reliability]:
    """Of the model's own P(yes), and of the credit that the uncalibrated levels give."""
    checks = [
        (each.item.cluster, check, target >= check.level)
        for each in graded
        for check in each.trace.checks
        if check.asked
        if (target := each.item.target(check.row)) is not None
    ]
    if not checks:
        return []
    met = np.array([reached for _, _, reached in checks], dtype=np.float64)
    weights = draws.weights([cluster for cluster, _, _ in checks])
    said = {"the model's P(yes)": _yes, "credit with a quote": credit}
    return [
        _reliable(name, np.array([probability(check) for _, check, _ in checks]), met, weights)
        for name, probability in said.items()
    ]


def quotes(graded: Sequence[Graded]) -> Quotes:
    """Every quote of every grade and check, looked up again in the answer."""
    found = [
        each.item.answer[evidence.start : evidence.end] == evidence.quote
        for each in graded
        for evidence in (
            *(evidence for row in each.trace.grade.rows.values() for evidence in row.evidence),
            *(check.quote for check in each.trace.checks if check.quote is not None),
        )
    ]
    return Quotes(quotes=len(found), verbatim=sum(found))


def misses(graded: Sequence[Graded]) -> list[Miss]:
    found = [miss for each in graded if (miss := _miss(each)) is not None]
    return sorted(found, key=lambda miss: (-abs(miss.level - miss.target), miss.id))[:WORST]


def cells(graded: Sequence[Graded]) -> list[Cell]:
    """Forms and rows with at least a few answers, those with the largest error first."""
    apart: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in graded:
        for row in each.trace.grade.rows:
            level, target = level_of(each, row), each.item.target(row)
            if level is not None and target is not None:
                for form in each.item.groups.get(FORM, []):
                    apart[form, f"{each.item.rubric}.{row}"].append(level.level - target)
    found = [
        Cell(form=form, row=row, answers=len(d), error=mean_of([abs(x) for x in d]), shift=mean_of(d))
        for (form, row), d in apart.items()
        if len(d) >= _FEWEST_IN_CELL
    ]
    return sorted(found, key=lambda cell: (-cell.error, cell.form, cell.row))[:_WORST_CELLS]


def _miss(graded: Graded) -> Miss | None:
    item, grade, target = graded.item, graded.trace.grade, graded.item.target(OVERALL)
    if target is None or grade.overall is None:
        return None
    levels = {row: level_of(graded, row) for row in grade.rows}
    return Miss(
        id=item.id,
        question=item.question,
        answer=item.answer,
        groups=group_names(item),
        target=target,
        ratings=item.ratings(OVERALL),
        **grade.overall.model_dump(),
        flags=grade.flags,
        rows={row: (item.target(row), level.level if level else None) for row, level in levels.items()},
        quotes={row: each.evidence for row, each in grade.rows.items() if each.evidence},
    )


def _reliable(name: str, said: Array, met: Array, weights: Array) -> Reliability:
    tenth = np.minimum((said * _BINS).astype(int), _BINS - 1)
    inside = [tenth == t for t in np.unique(tenth)]
    apart = [mean((said - met) * each, weights) for each in inside]
    return Reliability(
        name=name,
        checks=len(met),
        brier=Figure.of(mean((said - met) ** 2, weights)),
        ece=Figure.of(np.sum(np.abs(apart), axis=0)),
        bins=[
            Bin(probability=float(said[each].mean()), met=float(met[each].mean()), checks=int(each.sum()))
            for each in inside
        ],
    )


def _yes(check: CheckTrace) -> float:
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, check.log_odds))))
