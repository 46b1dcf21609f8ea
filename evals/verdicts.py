"""Families of laws against their bars."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from evals.bootstrap import mean_with_interval
from evals.datasets import OVERALL
from evals.laws import WHOLE_LEVEL, Law, Pair, flips, laws_of, levels, originals_of, pairs_of, share_kept
from evals.perturbations.models import FAMILIES, Family
from evals.runlog import Graded, RunLog

KEPT_BAR, UPLIFT_BAR, FLIPS_BAR, ORDER_BAR = 0.95, 0.1, 0.05, 0.9


class Verdict(NamedTuple):
    """One family against its bar; `passed` is None where the figure is only reported."""

    family: Family
    measure: str
    of: int
    value: float
    low: float | None
    high: float | None
    bar: str
    passed: bool | None


class Findings(NamedTuple):
    pairs: list[Pair]
    laws: list[Law]
    verdicts: list[Verdict]

    @property
    def passed(self) -> bool:
        return all(verdict.passed is not False for verdict in self.verdicts)


def judge(log: RunLog, families: Collection[Family] = FAMILIES) -> Findings:
    """What a log of `soundcheck eval perturb` shows of these laws."""
    pairs = pairs_of(log, families)
    verdicts = [_verdict(family, list(each)) for family, each in groupby(pairs, key=lambda pair: pair.family)]
    if "order" in families and (order := _order(originals_of(log))):
        verdicts.append(order)
    return Findings(pairs, laws_of(pairs), verdicts)


def _verdict(family: Family, pairs: Sequence[Pair]) -> Verdict:
    match family:
        case "injection":
            return _injection(pairs)
        case "retest":
            return _retest(pairs)
        case "still":
            return _share(family, pairs, f">= {KEPT_BAR}", KEPT_BAR)
        case "floor":
            return _share(family, pairs, "all", 1.0)
        case _:
            return _share(family, pairs, "reported", None)


def _share(family: Family, pairs: Sequence[Pair], bar: str, least: float | None) -> Verdict:
    kept, of = sum(pair.kept for pair in pairs), len(pairs)
    passed = None if least is None else kept >= least * of
    return Verdict(family, "share kept", of, kept / of, *share_kept(kept, of), bar, passed)


def _injection(pairs: Sequence[Pair]) -> Verdict:
    """A fall does not make up for a rise."""
    rise = mean_with_interval([max(0.0, pair.delta or 0.0) for pair in pairs])
    passed = rise.value <= UPLIFT_BAR and all(pair.kept for pair in pairs)
    bar = f"<= {UPLIFT_BAR}, each < {WHOLE_LEVEL:.0f}"
    return Verdict("injection", "mean rise in levels", len(pairs), *rise, bar, passed)


def _retest(pairs: Sequence[Pair]) -> Verdict:
    of = sum(len(levels(pair.original)) for pair in pairs)
    flipped = sum(flips(pair.original, pair.changed) for pair in pairs)
    measured = (flipped / of, *share_kept(flipped, of))
    return Verdict(
        "retest", "whole levels that flip", of, *measured, f"<= {FLIPS_BAR}", flipped <= FLIPS_BAR * of
    )


def _order(originals: Sequence[Graded]) -> Verdict | None:
    """Kendall's tau of levels and targets, mean over the questions with answers at several targets."""
    from scipy.stats import kendalltau

    taus: list[float] = []
    by_question: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in originals:
        target, level = each.item.target(OVERALL), levels(each)[OVERALL]
        if target is not None and level is not None:
            by_question[each.item.cluster].append((target, level))
    for ladder in by_question.values():
        targets, given = zip(*ladder, strict=True)
        if len(set(targets)) > 1:
            taus.append(0.0 if len(set(given)) == 1 else float(kendalltau(targets, given).statistic))
    if not taus:
        return None
    tau = mean_with_interval(taus)
    return Verdict(
        "order", "Kendall's tau a question", len(taus), *tau, f">= {ORDER_BAR}", tau.value >= ORDER_BAR
    )
