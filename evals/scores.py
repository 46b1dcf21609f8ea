"""What `soundcheck eval score` says about a log."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from evals.bootstrap import Array, interval
from evals.runlog import RunCard
from rubrics.models import Evidence

Verdict = Literal["passed", "failed", "no verdict"]
Sense = Literal["at least", "at most"]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Model):
    """A value with its 95 % interval, resampled by question; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, draws: Array) -> Self:
        value, low, high = interval(draws)
        return cls(value=value, low=low, high=high)


class RowScore(Model):
    """`overall`, or one row of a rubric, against the targets."""

    row: str
    answers: int
    unscored: int
    figures: dict[str, Figure]
    """By measure, `evals.metrics.MEASURES`."""
    raters: Figure
    """Mean kappa of the raters with each other on the same answers."""
    with_raters: Figure
    """The grader's mean kappa with single raters."""
    alpha: float | None
    """Krippendorff's, ordinal, of the raters."""


class RaterAgreement(Model):
    """Two raters on one row."""

    row: str
    raters: tuple[str, str]
    answers: int
    kappa: Figure
    exact: Figure


class Rival(Model):
    """A baseline, or the grader of another log, on the same answers."""

    name: str
    answers: int
    figures: dict[str, Figure]
    mean_row_kappa: Figure
    margin: Figure
    """By how much the grader's kappa is higher, on the answers that both scored."""


class Band(Model):
    """The answers whose target is this level, once rounded."""

    level: int
    answers: int
    error: Figure
    """Mean distance from the target, in levels."""
    mean_level: Figure


class Group(Model):
    """The answers that are a case of `name`, e.g. `form: dialect`."""

    name: str
    answers: int
    shift: Figure
    """Mean level less mean target, in standard deviations of all targets."""
    error: Figure


class Bin(Model):
    """Checks whose probability lies in one tenth of the scale."""

    probability: float
    met: float
    checks: int


class Reliability(Model):
    """How often a check that was given this probability is met, taking it as met where the row's target reaches
    the check's level."""

    name: str
    checks: int
    brier: Figure
    ece: Figure
    """Expected calibration error, in tenths."""
    bins: list[Bin]


class Quotes(Model):
    quotes: int
    verbatim: int


class Time(Model):
    """Seconds an answer, alone on the model."""

    mean_s: float
    median_s: float
    longest_s: float


class LearningPoint(Model):
    """How far calibrations get that were fitted to so many answers, on questions that they have not seen."""

    rubric: str
    answers: int
    overall: Figure
    """Kappa."""
    rows: Figure
    """Mean kappa of the rows."""


class Cell(Model):
    """The answers of one form in one row."""

    form: str
    row: str
    answers: int
    error: float
    """Mean distance from the target, in levels."""
    shift: float
    """Mean level less mean target, in levels."""


class RetestScore(Model):
    """Of `overall`, over several runs of the same work."""

    runs: int
    answers: int
    icc: Figure
    """ICC(2,1), absolute agreement."""
    flips: Figure
    """Share of answers whose whole level was not the same in every run."""


class Gate(Model):
    name: str
    figure: float | None
    bar: float
    sense: Sense
    verdict: Verdict
    why: str = ""
    """Why there is no verdict."""


class Miss(Model):
    """An answer whose level is far from its target."""

    id: str
    question: str
    answer: str
    groups: list[str]
    target: float
    ratings: dict[str, float]
    level: float
    low: float
    high: float
    flags: list[str]
    rows: dict[str, tuple[float | None, float | None]]
    """Target and level by row."""
    quotes: dict[str, list[Evidence]]
    """By row."""


class Scores(Model):
    card: RunCard
    answers: int
    unscored: int
    questions: int
    provenance: str
    """Who rated."""
    raters: list[RaterAgreement]
    overall: RowScore
    by_rubric: list[RowScore]
    rows: list[RowScore]
    mean_row_kappa: Figure
    rivals: list[Rival]
    confusion: list[list[int]]
    """Answers by target (first index) and level (second), 1-5."""
    bands: list[Band]
    groups: list[Group]
    reliability: list[Reliability]
    quotes: Quotes
    time: Time
    retest: RetestScore | None
    gates: list[Gate]
    misses: list[Miss]
    """Worst first."""
    cells: list[Cell]
    """Of forms and rows, those with the largest error, worst first."""
    learning: list[LearningPoint] = []
    """By rubric, of growing size; empty unless a log of calibration answers is put beside."""
