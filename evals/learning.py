"""How far a calibration gets with so many rated answers: each answer graded by a fit that has not seen its question."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np

from evals.bootstrap import Resampling
from evals.calibrating import FEWEST_QUESTIONS, calibrate
from evals.datasets import OVERALL
from evals.errors import EvalError
from evals.metrics import kappa
from evals.paired import paired
from evals.relevel import relevel
from evals.runlog import Graded, RunLog
from evals.scores import Figure, LearningPoint
from rubrics.loader import rubric_version
from rubrics.models import Rubric

_FOLDS = 8
_STEPS = 4


def learning_curve(log: RunLog, rubric: Rubric, *, seed: int = 0) -> list[LearningPoint]:
    """Points of growing size; none where the log has too few rated answers for that rubric. Needs no model."""
    known = [each for each in log.graded if each.item.rubric == rubric.id and each.item.split != "test"]
    questions = sorted({each.item.cluster for each in known})
    Random(seed).shuffle(questions)
    most = len(questions) - -(-len(questions) // _FOLDS)
    sizes = sorted({round(n) for n in np.linspace(FEWEST_QUESTIONS, most, _STEPS) if n >= FEWEST_QUESTIONS})
    try:
        return [_point(log, rubric, known, questions, size, seed) for size in sizes]
    except EvalError:
        return []


def _point(
    log: RunLog, rubric: Rubric, known: Sequence[Graded], questions: Sequence[str], size: int, seed: int
) -> LearningPoint:
    graded: list[Graded] = []
    seen: list[int] = []
    for left_out, fitted_on in _folds(questions, size):
        fitted = calibrate(_part(log, known, fitted_on), rubric)
        levels = {rubric_version(rubric): fitted}
        graded += relevel(_part(log, known, left_out), {rubric.id: rubric}, levels).graded
        seen.append(fitted.fitted.answers)
    draws = Resampling((each.item.cluster for each in graded), seed=seed)
    rows = [paired(graded, f"{rubric.id}.{row.id}") for row in rubric.rows]
    overall, *by_row = (kappa(p, draws.weights(list(p.clusters))) for p in (paired(graded, OVERALL), *rows))
    return LearningPoint(
        rubric=rubric.id,
        answers=round(float(np.mean(seen))),
        overall=Figure.of(overall),
        rows=Figure.of(np.mean(by_row, axis=0)),
    )


def _folds(questions: Sequence[str], size: int) -> Iterator[tuple[set[str], set[str]]]:
    """Questions left out, and `size` others, the next in a circle."""
    step = -(-len(questions) // _FOLDS)
    for start in range(0, len(questions), step):
        rest = [*questions[start + step :], *questions[:start]]
        yield set(questions[start : start + step]), set(rest[:size])


def _part(log: RunLog, known: Sequence[Graded], questions: set[str]) -> RunLog:
    return log.model_copy(update={"graded": [each for each in known if each.item.cluster in questions]})
