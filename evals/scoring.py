"""Computes every figure of a run from its log, without a model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median

import numpy as np

from evals import agreement, baselines, breakdown
from evals.bootstrap import Array, Resampling
from evals.datasets import OVERALL, Item, load_gold
from evals.errors import LogError
from evals.fairness import KIND, OF_ALL, REFERENCE, fairness
from evals.gates import NAIVE, gates
from evals.learning import learning_curve
from evals.metrics import MEASURES, Measure, kappa
from evals.paired import Paired, paired, row_names
from evals.relevel import with_shipped_levels
from evals.retest import retest
from evals.runlog import RunLog, must_be_of_same_answers, read_log
from evals.scores import (
    Figure,
    Gate,
    LearningPoint,
    RaterAgreement,
    RetestScore,
    Rival,
    RowScore,
    Scores,
    Time,
)
from evals.selecting import GOLD_NAME
from rubrics.loader import shipped_rubrics
from rubrics.models import Rubric


@dataclass(frozen=True)
class Beside:
    """What a log is put beside: rivals' logs, and logs of the same work done again."""

    rivals: Sequence[RunLog] = ()
    again: Sequence[RunLog] = ()
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    """By id, for the cues of the keyword baseline."""
    fitted: RunLog | None = None
    """Of the answers that levels are calibrated on, for the learning curve."""


def score(log: RunLog, beside: Beside, *, seed: int = 0) -> Scores:
    """Raises LogError where the log has no rated and scored answer, or a log beside it is of other answers."""
    overall = paired(log.graded, OVERALL)
    if not len(overall):
        raise LogError(
            "the log has no answer that is both rated and scored\n  fix: run it on a rated dataset"
        )
    items = [graded.item for graded in log.graded]
    draws = Resampling((item.cluster for item in items), seed=seed)
    rows = {name: paired(log.graded, name) for name in row_names(log.graded)}
    scores = Scores(
        card=log.card,
        answers=len(items),
        unscored=sum(graded.trace.grade.status == "unscored" for graded in log.graded),
        questions=len({item.cluster for item in items}),
        provenance=agreement.label([item.provenance for item in items]),
        raters=[each for name in (OVERALL, *rows) for each in _raters(items, name, draws)],
        overall=_row(overall, draws),
        by_rubric=[
            _row(paired(log.graded, f"{rubric}.{OVERALL}"), draws)
            for rubric in dict.fromkeys(item.rubric for item in items)
        ],
        rows=[_row(pairs, draws) for pairs in rows.values()],
        mean_row_kappa=_mean_kappa(rows.values(), draws),
        rivals=_rivals(log, overall, rows, beside, draws),
        confusion=breakdown.confusion(overall),
        bands=breakdown.bands(overall, draws),
        groups=breakdown.groups(overall, draws),
        reliability=breakdown.reliability(log.graded, draws),
        quotes=breakdown.quotes(log.graded),
        time=_time([graded.seconds for graded in log.graded]),
        retest=_retest(log, beside, seed),
        gates=[],
        misses=breakdown.misses(log.graded),
        cells=breakdown.cells(log.graded),
        learning=_learning(beside, seed),
    )
    return scores.model_copy(update={"gates": gates(scores, _group_gates(log, overall, seed))})


def score_files(
    log: Path,
    rivals: Sequence[Path],
    again: Sequence[Path],
    *,
    fitted: Path | None = None,
    seed: int = 0,
    anew: bool = False,
) -> Scores:
    """As `score`, of stored logs; `anew` takes the log's levels from today's calibration. Raises LogError."""
    beside = Beside(
        rivals=[read_log(path) for path in rivals],
        again=[read_log(path) for path in again],
        rubrics=shipped_rubrics(),
        fitted=read_log(fitted) if fitted else None,
    )
    return score(with_shipped_levels(read_log(log)) if anew else read_log(log), beside, seed=seed)


def measured(pairs: Paired, measures: Mapping[str, Measure], draws: Resampling) -> dict[str, Figure]:
    weights = draws.weights(list(pairs.clusters))
    return {name: Figure.of(measure(pairs, weights)) for name, measure in measures.items()}


def _group_gates(log: RunLog, overall: Paired, seed: int) -> list[Gate]:
    """Of forms of speech, where the dataset has plain answers to hold them against."""
    if not any(item.groups.get(KIND) == [REFERENCE] for item in overall.items):
        return []
    return [gate for gate in fairness(log, seed=seed).gates if gate.name != OF_ALL]


def _row(pairs: Paired, draws: Resampling) -> RowScore:
    name = pairs.row.rpartition(".")[2]
    between = agreement.rater_pairs(pairs.items, name, draws)
    single = agreement.with_raters(pairs.items, name, pairs.level, draws)
    return RowScore(
        row=pairs.row,
        answers=len(pairs),
        unscored=pairs.unscored,
        figures=measured(pairs, MEASURES, draws) if len(pairs) else {},
        raters=_mean_figure([pair.kappa for pair in between]),
        with_raters=_mean_figure([] if single is None else [single]),
        alpha=agreement.alpha(pairs.items, name),
    )


def _raters(items: Sequence[Item], row: str, draws: Resampling) -> list[RaterAgreement]:
    rubric, _, name = row.rpartition(".")
    pairs = agreement.rater_pairs([item for item in items if rubric in ("", item.rubric)], name, draws)
    return [
        RaterAgreement(
            row=row,
            raters=pair.raters,
            answers=pair.answers,
            kappa=Figure.of(pair.kappa),
            exact=Figure.of(pair.exact),
        )
        for pair in pairs
    ]


def _mean_kappa(rows: Iterable[Paired], draws: Resampling) -> Figure:
    """Of all rows alike, however many answers they have."""
    return _mean_figure([kappa(pairs, draws.weights(list(pairs.clusters))) for pairs in rows if len(pairs)])


def _mean_figure(draws: Sequence[Array]) -> Figure:
    return Figure.of(np.mean(draws, axis=0)) if draws else Figure(value=None)


def _rivals(
    log: RunLog, overall: Paired, rows: Mapping[str, Paired], beside: Beside, draws: Resampling
) -> list[Rival]:
    """Everything on the answers that the grader scored."""
    train = load_gold("calibration") if log.card.dataset.split("/")[0] == GOLD_NAME else None
    by_row = {
        name: baselines.rivals(pairs.items, name.rpartition(".")[2], beside.rubrics, train)
        for name, pairs in {OVERALL: overall, **rows}.items()
    }
    for other in beside.rivals:
        must_be_of_same_answers(log.card, other.card)
        for name in by_row:
            by_row[name][_name(other)] = paired(other.graded, name).levels
    names = list(dict.fromkeys(name for found in by_row.values() for name in found))
    return [
        _rival(name, overall, rows, {row: found.get(name, {}) for row, found in by_row.items()}, draws)
        for name in names
    ]


def _rival(
    name: str,
    overall: Paired,
    rows: Mapping[str, Paired],
    levels: Mapping[str, Mapping[str, float]],
    draws: Resampling,
) -> Rival:
    theirs = overall.graded_as(levels[OVERALL])
    ours = overall.where([item.id in levels[OVERALL] for item in overall.items])
    weights = draws.weights(list(theirs.clusters))
    without_interval = {key: measure for key, measure in MEASURES.items() if key != "coverage"}
    return Rival(
        name=name,
        answers=len(theirs),
        figures=measured(theirs, without_interval, draws) if len(theirs) else {},
        mean_row_kappa=_mean_kappa([rows[row].graded_as(levels[row]) for row in rows], draws),
        margin=Figure.of(kappa(ours, weights) - kappa(theirs, weights))
        if len(theirs)
        else Figure(value=None),
    )


def _learning(beside: Beside, seed: int) -> list[LearningPoint]:
    if beside.fitted is None:
        return []
    used = [rubric for id_, rubric in beside.rubrics.items() if id_ in beside.fitted.card.rubrics]
    return [point for rubric in used for point in learning_curve(beside.fitted, rubric, seed=seed)]


def _name(log: RunLog) -> str:
    return NAIVE if log.card.grader == NAIVE else f"{log.card.grader}, {log.card.model}"


def _retest(log: RunLog, beside: Beside, seed: int) -> RetestScore | None:
    for other in beside.again:
        must_be_of_same_answers(log.card, other.card)
    return retest([log, *beside.again], seed=seed) if beside.again else None


def _time(seconds: Sequence[float]) -> Time:
    return Time(mean_s=fmean(seconds), median_s=median(seconds), longest_s=max(seconds))
