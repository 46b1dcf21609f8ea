"""Levels fitted to rated answers, for one model and one version of a rubric: a small file that anyone can read.

A row's level is a base plus what each of its checks adds, and no check can take anything away: weights are never
negative. What a check adds has two parts, how clearly the model says yes (`shown`) and how many different cues of it
the answer holds (`said`); a row whose anchors ask for figures counts the sentences that hold one, too. The model is
asked only those checks to which its yes can add. The overall level is a base plus a share of each row, so that it never
falls when a row rises.
Intervals are conformal: half as wide as nine tenths of the errors were on questions that were left out of the fit
(cross-conformal, Vovk 2015), of answers that were not read when cues were written.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from rubrics.errors import RubricError
from rubrics.levels import HIGHEST, LOWEST
from rubrics.models import Frozen, Interval, Row
from rubrics.trace import CheckTrace

FOLDER = Path(__file__).parent / "files" / "calibration"
MOST_CUES = 5
"""More cues of one check show no more."""
MOST_FIGURES = 6
"""The same for sentences with figures."""
_CLEAREST = 1.5
"""A check cannot be met more clearly than this, in shares of the rubric's example."""


class CheckWeights(Frozen):
    """Levels that a check adds: by each share of the example's yes, and by each doubling of cues."""

    shown: float
    said: float


class RowFit(Frozen):
    base: float
    checks: dict[str, CheckWeights]
    figures: float
    """By each doubling of sentences that hold a figure."""
    half_width: float


class OverallFit(Frozen):
    base: float
    rows: dict[str, float]
    half_width: float


class Fitted(Frozen):
    """What it was fitted on, so that a reader can fit it again."""

    dataset_sha256: str
    provenance: str
    answers: int
    questions: int
    coverage: float
    """Share of answers that the intervals are made to hold."""


class Calibration(Frozen):
    """A calibration file; it is the `Levels` of its rubric version."""

    model: str
    prompts: str
    rubric_version: str
    fitted: Fitted
    rows: dict[str, RowFit]
    overall_fit: OverallFit

    @property
    def calibrated(self) -> bool:
        return True

    def asks(self, row: str, check: str) -> bool:
        return self.rows[row].checks[check].shown > 0

    def row(self, row: Row, checks: Sequence[CheckTrace]) -> Interval:
        fit = self.rows[row.id]
        level = fit.base + fit.figures * figures_of(checks)
        for check in checks:
            weights, (shown, said) = fit.checks[check.id], signals(check)
            level += weights.shown * shown + weights.said * said
        return _interval(level, fit.half_width)

    def overall(self, rows: Mapping[str, Interval]) -> Interval:
        """Rows that were not graded count as the mean of those that were."""
        fit = self.overall_fit
        mean = sum(each.level for each in rows.values()) / len(rows)
        level = fit.base + sum(
            share * (rows[row].level if row in rows else mean) for row, share in fit.rows.items()
        )
        return _interval(level, fit.half_width)


def signals(check: CheckTrace) -> tuple[float, float]:
    """What counts of a check: 0-1.5 for how clearly the model says yes, 0-2.6 for different cues.

    Without a quote the model's yes is worth nothing.
    """
    shown = 0.0 if check.quote is None else min(_CLEAREST, max(0.0, check.share))
    return shown, math.log2(1 + min(check.cues, MOST_CUES))


def figures_of(checks: Sequence[CheckTrace]) -> float:
    """0-2.8 for sentences with figures, of the checks of one row."""
    return math.log2(1 + min(MOST_FIGURES, max((check.figures for check in checks), default=0)))


def shipped_calibrations(model: str, prompts: str) -> dict[str, Calibration]:
    """By rubric version, those fitted for this model and these prompts. Raises RubricError where a file is broken."""
    if not FOLDER.is_dir():
        return {}
    found = [load_calibration(path) for path in sorted(FOLDER.glob("*.json"))]
    return {c.rubric_version: c for c in found if (c.model, c.prompts) == (model, prompts)}


def load_calibration(path: Path) -> Calibration:
    try:
        return Calibration.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise RubricError(
            f"{path}: cannot be used: {error}\n  fix: make it again with soundcheck eval calibrate"
        ) from error


def save_calibration(calibration: Calibration, folder: Path = FOLDER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{calibration.rubric_version.split('@')[0]}.json"
    path.write_text(json.dumps(calibration.model_dump(), indent=1) + "\n", encoding="utf-8")
    return path


def _interval(level: float, half_width: float) -> Interval:
    inside = min(HIGHEST, max(LOWEST, level))
    return Interval(
        level=round(inside, 2),
        low=round(max(LOWEST, inside - half_width), 2),
        high=round(min(HIGHEST, inside + half_width), 2),
    )
