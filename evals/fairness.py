"""Are answers of one form graded lower than plain answers of the same quality?

Everything here is about authored answers: it says whether the grader holds dialect, hedging or the traces of speech
recognition against an answer, not what happens to groups of people.
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.agreement import label
from evals.bootstrap import Array, Resampling
from evals.datasets import OVERALL
from evals.errors import LogError
from evals.metrics import mean, rounded, smd
from evals.paired import Paired, paired
from evals.runlog import RunCard, RunLog
from evals.scores import Figure, Gate, Model

FEWEST = 20
"""Fewer answers than this in a group say nothing."""
SMD_BAR, GROUP_BAR = 0.15, 0.10
FOUR_FIFTHS = 0.8
CUT = 3.0
KIND, REFERENCE = "form", "plain"
OF_ALL = "standardised difference"
"""The gate that is not of a group."""
WORDING = ("asr", "dialect", "disfluent", "hedged", "second-language")
"""Forms that say the same in other words. Small alone, they are measured together too."""
TOGETHER = "any of these wordings"
Chosen = NDArray[np.bool_]


class Passing(Model):
    """Who reaches the cut: share of the group, of the reference, and the one over the other."""

    group: float
    reference: float
    ratio: float | None


class GroupFairness(Model):
    """One group against the reference."""

    name: str
    answers: int
    matched: int
    """Answers at a whole target that reference answers have too; `shift` is of these."""
    shift: Figure
    """Levels above reference answers of the same target; below 0 the group is graded lower."""
    standardised: Figure
    """Mean level above that of all answers, less the same of the targets, each in its own standard deviations."""
    graded: Passing
    rated: Passing
    """The same by the targets: what the ratio would be if the grader were right."""
    fisher_p: float
    """Two-sided, of the graded counts. Takes answers for independent, although those to one question are not."""
    few: str
    """Why nothing is concluded; empty where something is."""

    @property
    def below_four_fifths(self) -> bool:
        return not self.few and self.graded.ratio is not None and self.graded.ratio < FOUR_FIFTHS


class Fairness(Model):
    card: RunCard
    answers: int
    provenance: str
    kind: str
    reference: str
    reference_answers: int
    cut: float
    groups: list[GroupFairness]
    gates: list[Gate]


def fairness(
    log: RunLog, *, kind: str = KIND, reference: str = REFERENCE, cut: float = CUT, seed: int = 0
) -> Fairness:
    """Raises LogError where the log has no reference answers with level and target."""
    pairs = paired(log.graded, OVERALL)
    plain = _only(pairs, kind, reference)
    if not plain.any():
        raise LogError(
            f"the run has no rated answer whose groups say {kind}: {reference}\n"
            "  fix: name the kind and the reference that its dataset uses"
        )
    draws = Resampling(pairs.clusters, seed=seed)
    names = sorted({name for item in pairs.items for name in item.groups.get(kind, [])} - {reference})
    members = {name: _in(pairs, kind, [name]) for name in names}
    if kind == KIND and len(set(names) & set(WORDING)) > 1:
        members[TOGETHER] = _in(pairs, kind, WORDING)
    groups = [_group(pairs, name, group, plain, cut, draws) for name, group in members.items()]
    return Fairness(
        card=log.card,
        answers=len(pairs),
        provenance=label([item.provenance for item in pairs.items]),
        kind=kind,
        reference=reference,
        reference_answers=int(plain.sum()),
        cut=cut,
        groups=groups,
        gates=_gates(Figure.of(smd(pairs, draws.weights(list(pairs.clusters)))), len(pairs), groups),
    )


def shift_at_equal_target(pairs: Paired, group: Chosen, plain: Chosen, weights: Array) -> Array:
    """Within each whole target, the group's mean level less the reference's; averaged as the group is spread."""
    target = rounded(pairs.target)
    total, count = np.zeros(len(weights)), np.zeros(len(weights))
    for level in np.unique(target[group]):
        ours, theirs = group & (target == level), plain & (target == level)
        apart = mean(pairs.level[ours], weights[:, ours]) - mean(pairs.level[theirs], weights[:, theirs])
        here = np.where(np.isfinite(apart), weights[:, ours].sum(axis=1), 0.0)
        total, count = total + here * np.nan_to_num(apart), count + here
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)


def standardised_difference(pairs: Paired, group: Chosen, weights: Array) -> Array:
    """The difference of standardised means (rsmtool's DSM): a shift that all answers share does not count."""
    return _standing(pairs.level, group, weights) - _standing(pairs.target, group, weights)


def _group(
    pairs: Paired, name: str, group: Chosen, plain: Chosen, cut: float, draws: Resampling
) -> GroupFairness:
    from scipy.stats import fisher_exact

    weights = draws.weights(list(pairs.clusters))
    counts = [
        [int((pairs.level[who] >= cut).sum()), int((pairs.level[who] < cut).sum())] for who in (group, plain)
    ]
    target = rounded(pairs.target)
    fewest = min(int(group.sum()), int(plain.sum()))
    return GroupFairness(
        name=name,
        answers=int(group.sum()),
        matched=int(np.isin(target[group], target[plain]).sum()),
        shift=Figure.of(shift_at_equal_target(pairs, group, plain, weights)),
        standardised=Figure.of(standardised_difference(pairs, group, weights)),
        graded=_passing(pairs.level >= cut, group, plain),
        rated=_passing(pairs.target >= cut, group, plain),
        fisher_p=float(fisher_exact(counts).pvalue),
        few=f"too few to say: {fewest} answers; it takes {FEWEST}" if fewest < FEWEST else "",
    )


def _gates(overall: Figure, answers: int, groups: Sequence[GroupFairness]) -> list[Gate]:
    few = f"too few to say: {answers} answers; it takes {FEWEST}" if answers < FEWEST else ""
    return [
        _gate(OF_ALL, overall, SMD_BAR, few),
        *(_gate(f"{OF_ALL}, {g.name}", g.standardised, GROUP_BAR, g.few) for g in groups),
    ]


def _gate(name: str, figure: Figure, bar: float, few: str) -> Gate:
    size = None if figure.value is None else abs(figure.value)
    why = few or ("not defined" if size is None else "")
    if size is None or why:
        return Gate(name=name, figure=size, sense="at most", bar=bar, verdict="no verdict", why=why)
    return Gate(
        name=name, figure=size, sense="at most", bar=bar, verdict="passed" if size <= bar else "failed"
    )


def _standing(x: Array, group: Chosen, weights: Array) -> Array:
    """The group's mean above that of all, in standard deviations of all."""
    middle = mean(x, weights)
    spread = np.sqrt(np.maximum(mean(x * x, weights) - middle**2, 0.0))
    apart = mean(x[group], weights[:, group]) - middle
    return np.where(spread > 1e-12, apart / np.maximum(spread, 1e-12), np.nan)


def _passing(passes: Chosen, group: Chosen, plain: Chosen) -> Passing:
    ours, theirs = float(passes[group].mean()), float(passes[plain].mean())
    return Passing(group=ours, reference=theirs, ratio=ours / theirs if theirs else None)


def _in(pairs: Paired, kind: str, names: Collection[str]) -> Chosen:
    return np.array([bool(set(names) & set(item.groups.get(kind, []))) for item in pairs.items], dtype=bool)


def _only(pairs: Paired, kind: str, name: str) -> Chosen:
    return np.array([item.groups.get(kind, []) == [name] for item in pairs.items], dtype=bool)
