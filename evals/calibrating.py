"""Fits the levels of one rubric to rated answers: ridge regression whose weights cannot be negative.

What the model says counts only for checks that speak for the upper levels, and only where it adds to what their cues
say already: a small model's yes to an easy check is mostly noise.

Cues are written with the calibration answers in view, so that errors on them flatter: how wide an interval has to be is
measured on the validation answers, where there are enough, which nobody looks at.

Regression draws predictions towards the middle, so that nobody would ever reach 1 or 5. They are spread again until,
on questions left out of the fit, they vary as much as the targets do (linear equating of mean and deviation,
Kolen & Brennan 2014).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.datasets import OVERALL, sha256_of
from evals.errors import EvalError
from evals.runlog import Graded, RunLog
from rubrics.calibration import Calibration, CheckWeights, Fitted, OverallFit, RowFit, figures_of, signals
from rubrics.loader import rubric_version
from rubrics.models import Check, Row, Rubric

COVERAGE = 0.9
FEWEST_ANSWERS, FEWEST_QUESTIONS = 40, 8
_FOLDS = 8
_ROW_PENALTY, _OVERALL_PENALTY = 10.0, 10.0
_JUDGED_FROM = 4
"""The level from which the model is asked whether a check is met; what lower ones ask for is plain from their cues."""
_LEAST_SHOWN = 0.5
"""A yes that adds fewer levels is not worth the asking."""
_MOST_SPREAD = 1.6
"""A fit that explains little is not blown up without end."""
_FEWEST_UNREAD = 20
"""Validation answers from which errors of 90 % of them can be told."""
Array = NDArray[np.float64]


class _Answers(NamedTuple):
    questions: list[str]
    unread: NDArray[np.bool_]
    """Those on which errors are measured."""


class _Line(NamedTuple):
    base: float
    weights: Array
    left_out: Array
    """What each answer gets from a fit that has not seen its question."""
    half_width: float


def calibrate(log: RunLog, rubric: Rubric) -> Calibration:
    """The levels of `rubric`, from those of the log's answers that the model has read. Test answers are left out.

    Raises EvalError where there are too few.
    """
    version = rubric_version(rubric)
    known = [each for each in log.graded if _usable(each, version)]
    questions = [each.item.cluster for each in known]
    if len(known) < FEWEST_ANSWERS or len(set(questions)) < FEWEST_QUESTIONS:
        raise EvalError(
            f"{rubric.id}: {len(known)} rated answers to {len(set(questions))} questions are too few to calibrate\n"
            f"  fix: grade at least {FEWEST_ANSWERS} answers to {FEWEST_QUESTIONS} questions with soundcheck eval run"
        )
    answers = _Answers(questions, _unread(known))
    lines = {row.id: _fit_row(row, known, answers) for row in rubric.rows}
    levels = np.stack([np.clip(line.left_out, 1, 5) for line in lines.values()], axis=1)
    overall = _fit(levels, _targets(known, OVERALL), answers, _OVERALL_PENALTY)
    return Calibration(
        model=known[0].trace.grade.model,
        prompts=known[0].trace.prompt_version,
        rubric_version=version,
        fitted=Fitted(
            dataset_sha256=sha256_of([each.item for each in known]),
            provenance=", ".join(sorted({each.item.provenance for each in known})),
            answers=len(known),
            questions=len(set(questions)),
            coverage=COVERAGE,
        ),
        rows={row.id: _row_fit(row, lines[row.id]) for row in rubric.rows},
        overall_fit=OverallFit(
            base=_rounded(overall.base),
            rows={row.id: _rounded(w) for row, w in zip(rubric.rows, overall.weights, strict=True)},
            half_width=_rounded(overall.half_width),
        ),
    )


def _usable(graded: Graded, version: str) -> bool:
    trace = graded.trace
    read = trace.fit is not None and trace.grade.rubric_version == version
    return read and graded.item.split != "test" and graded.item.target(OVERALL) is not None


def _unread(known: Sequence[Graded]) -> NDArray[np.bool_]:
    unread = np.array([each.item.split == "validation" for each in known])
    return unread if unread.sum() >= _FEWEST_UNREAD else np.ones_like(unread)


def _targets(known: Sequence[Graded], row: str) -> Array:
    return np.array([each.item.target(row) for each in known], dtype=np.float64)


def _fit_row(row: Row, known: Sequence[Graded], answers: _Answers) -> _Line:
    """Twice: what the model's yes hardly adds to is left out the second time, and so never asked."""
    found, targets = _signals(row, known), _targets(known, row.id)
    shown = _fit(found, targets, answers, _ROW_PENALTY).weights[:-1:2]
    found[:, :-1:2] *= shown >= _LEAST_SHOWN
    return _fit(found, targets, answers, _ROW_PENALTY)


def _signals(row: Row, known: Sequence[Graded]) -> Array:
    """One line an answer: `shown` and `said` of each check in turn, and figures."""
    lines = []
    for each in known:
        checks = [check for check in each.trace.checks if check.row == row.id]
        found = {check.id: signals(check) for check in checks}
        pairs = [value for check in row.checks for value in _counted(check, found.get(check.id, (0.0, 0.0)))]
        lines.append([*pairs, figures_of(checks)])
    return np.array(lines, dtype=np.float64)


def _counted(check: Check, found: tuple[float, float]) -> tuple[float, float]:
    """`shown` and `said` as far as the level may rest on them."""
    shown, said = found
    return (shown if check.level >= _JUDGED_FROM else 0.0), said


def _fit(features: Array, target: Array, answers: _Answers, penalty: float) -> _Line:
    from sklearn.model_selection import GroupKFold

    left_out = np.zeros(len(target))
    folds = GroupKFold(n_splits=min(_FOLDS, len(set(answers.questions))))
    for seen, unseen in folds.split(features, target, answers.questions):
        base, weights = _ridge(features[seen], target[seen], penalty)
        left_out[unseen] = base + features[unseen] @ weights
    spread = float(np.std(target)) / max(1e-6, float(np.std(left_out)))
    spread = min(_MOST_SPREAD, max(1.0, spread))
    base, weights = _ridge(features, target, penalty)
    centre = float(np.mean(target))
    left_out = centre + spread * (left_out - float(np.mean(left_out)))
    errors = np.abs(np.clip(left_out, 1, 5) - target)[answers.unread]
    return _Line(
        base=centre + spread * (base - centre),
        weights=spread * weights,
        left_out=left_out,
        half_width=_half_width(errors),
    )


def _half_width(errors: Array) -> float:
    """With one answer more than there are at the far end, as conformal intervals need it."""
    return float(np.sort(errors)[min(len(errors), math.ceil(COVERAGE * (len(errors) + 1))) - 1])


def _ridge(features: Array, target: Array, penalty: float) -> tuple[float, Array]:
    """Base and weights. Features are brought to one scale for the penalty, and back."""
    from scipy.optimize import nnls

    scale, centre = features.std(axis=0), features.mean(axis=0)
    scale[scale < 1e-6] = np.inf
    shrinking = np.sqrt(penalty) * np.eye(len(scale))
    found, _ = nnls(
        np.vstack([(features - centre) / scale, shrinking]),
        np.concatenate([target - target.mean(), np.zeros(len(scale))]),
    )
    weights = np.asarray(found, dtype=np.float64) / scale
    return float(target.mean() - centre @ weights), weights


def _row_fit(row: Row, line: _Line) -> RowFit:
    pairs = line.weights[:-1].reshape(-1, 2)
    return RowFit(
        base=_rounded(line.base),
        checks={
            check.id: CheckWeights(shown=_rounded(shown), said=_rounded(said))
            for check, (shown, said) in zip(row.checks, pairs, strict=True)
        },
        figures=_rounded(line.weights[-1]),
        half_width=_rounded(line.half_width),
    )


def _rounded(value: float) -> float:
    return round(float(value), 3)
