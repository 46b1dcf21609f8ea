"""Which laws a grader kept: pairs of an answer and the same answer changed, judged from a log, without a model."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple, cast

from evals.datasets import OVERALL
from evals.perturbations.injecting import is_alone
from evals.perturbations.loss import RESULT_DELETED, SHUFFLED
from evals.perturbations.models import FAMILIES, Family
from evals.runlog import Graded, RunLog
from rubrics.levels import LOWEST

TOLERANCE = 0.25
"""Of a level that has not moved."""
WHOLE_LEVEL = 1.0
FLOOR = 1.5
_WORST = 3


class Pair(NamedTuple):
    """A changed answer beside its original. Levels are of what the law is about, None where it was not scored."""

    family: Family
    law: str
    original: Graded
    changed: Graded
    before: float | None
    after: float | None
    kept: bool

    @property
    def delta(self) -> float | None:
        return None if self.before is None or self.after is None else round(self.after - self.before, 3)


class Law(NamedTuple):
    """All pairs of one change."""

    family: Family
    law: str
    pairs: int
    kept: int
    low: float
    high: float
    """The share kept lies in here (Wilson, 95 %)."""
    mean_delta: float | None
    worst: list[Pair]
    """Broken pairs, and injections that moved the level at all; the worst first."""


def pairs_of(log: RunLog, families: Collection[Family]) -> list[Pair]:
    """In the order of the families."""
    originals = {g.item.id: g for g in originals_of(log)}
    changed = [g for g in log.graded if "of" in g.item.groups]
    pairs = [_pair(originals[g.item.groups["of"][0]], g) for g in changed]
    return sorted(
        (pair for pair in pairs if pair.family in families), key=lambda pair: FAMILIES.index(pair.family)
    )


def originals_of(log: RunLog) -> list[Graded]:
    return [g for g in log.graded if "of" not in g.item.groups]


def laws_of(pairs: Sequence[Pair]) -> list[Law]:
    by_law: dict[tuple[Family, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_law[pair.family, pair.law].append(pair)
    return [_law(*key, each) for key, each in by_law.items()]


def share_kept(kept: int, pairs: int) -> tuple[float, float]:
    """Wilson's 95 % interval."""
    from scipy.stats import binomtest

    interval = binomtest(kept, pairs).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def levels(graded: Graded) -> dict[str, float | None]:
    """By row, and of the whole."""
    grade = graded.trace.grade
    rows = {name: row.level for name, row in grade.rows.items()}
    return {**rows, OVERALL: grade.overall.level if grade.overall else None}


def _pair(original: Graded, changed: Graded) -> Pair:
    groups = changed.item.groups
    family, law = cast(Family, groups["family"][0]), groups["law"][0]
    rows = groups["rows"] or [OVERALL]
    before, after = _mean(levels(original), rows), _mean(levels(changed), rows)
    if family == "floor" or (family == "injection" and is_alone(law)):
        before = LOWEST
    kept = _kept(family, law, before, after) and (
        law != RESULT_DELETED or _falls_furthest(rows, levels(original), levels(changed))
    )
    if family == "retest":
        kept = flips(original, changed) == 0
    return Pair(family, law, original, changed, before, after, kept)


def _kept(family: Family, law: str, before: float | None, after: float | None) -> bool:
    """An answer that is no longer scored has moved, or fallen; nothing was given for it."""
    if before is None or after is None:
        return family != "still"
    delta = after - before
    match family:
        case "still":
            return abs(delta) <= TOLERANCE
        case "no-rise":
            return delta <= TOLERANCE
        case "fall":
            return delta <= 0 if law == SHUFFLED else delta <= -TOLERANCE
        case "floor":
            return after <= FLOOR
        case _:
            return delta < WHOLE_LEVEL


def _falls_furthest(
    rows: Sequence[str], before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> bool:
    """Whether no other row fell as far as the mean of `rows`."""
    fall = _fall(_mean(before, rows), _mean(after, rows))
    others = [row for row in before if row not in rows and row != OVERALL]
    return all(_fall(before[row], after.get(row)) < fall for row in others)


def _fall(before: float | None, after: float | None) -> float:
    return 0.0 if before is None or after is None else before - after


def _mean(by_row: Mapping[str, float | None], rows: Sequence[str]) -> float | None:
    found = [level for row in rows if (level := by_row.get(row)) is not None]
    return fmean(found) if len(found) == len(rows) else None


def flips(original: Graded, again: Graded) -> int:
    """How many of the rows, and the whole, are not at the same whole level."""
    before, after = levels(original), levels(again)
    return sum(_whole(before[row]) != _whole(after.get(row)) for row in before)


def _whole(level: float | None) -> int | None:
    return None if level is None else int(level + 0.5)


def _law(family: Family, law: str, pairs: Sequence[Pair]) -> Law:
    kept = sum(pair.kept for pair in pairs)
    deltas = [pair.delta for pair in pairs if pair.delta is not None]
    return Law(
        family,
        law,
        len(pairs),
        kept,
        *share_kept(kept, len(pairs)),
        fmean(deltas) if deltas else None,
        _worst(pairs),
    )


def _worst(pairs: Sequence[Pair]) -> list[Pair]:
    """Where nothing may move, either way is as bad; elsewhere a level that is too high."""

    def badness(pair: Pair) -> float:
        delta = pair.delta or 0.0
        return abs(delta) if pair.family in ("still", "retest") else delta

    moved = [p for p in pairs if not p.kept or (p.family == "injection" and badness(p) > TOLERANCE)]
    return sorted(moved, key=badness, reverse=True)[:_WORST]
