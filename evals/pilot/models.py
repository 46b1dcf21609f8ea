"""What a pilot reports."""

from datetime import datetime
from typing import Literal

from evals.scores import Figure, Gate, Model

Concern = Literal["drop", "manner", "reword", "evidence", "probes", "time", "fine"]
"""The most pressing first."""


class QuestionFigures(Model):
    """One core question over all candidates. Levels are means over its rows."""

    id: str
    text: str
    rows: list[str]
    answers: int
    minutes: float
    """Median, with its probes."""
    longest_minutes: float
    planned_minutes: float
    difficulty: float | None
    """Mean level over all candidates: low is hard."""
    by_level: dict[str, float]
    """Mean level of each kind of candidate."""
    discrimination: float | None
    """Kendall's tau with the intended levels, over the pairs whose intended levels differ."""
    missing_evidence: float
    """Share of candidates of whose words nothing could be quoted for any of its rows, or who said nothing."""
    probes: float
    """Mean number of probes asked."""
    floor: float
    """Share of levels at 1.5 and below."""
    ceiling: float
    """Share of levels at 4.5 and above."""


class MannerFigures(Model):
    """A manner against the same people speaking plainly."""

    manner: str
    pairs: int
    effect: Figure
    """Mean difference of the candidates' mean levels; below 0, the manner is held against them."""


class CandidateFigures(Model):
    id: str
    level: str
    intended: float
    manner: str
    seed: int
    mean_level: float | None
    """Mean over questions. Of simulated candidates only, to see their order; real candidates get no such number."""
    minutes: float
    probes: int
    by_question: dict[str, float | None]


class Advice(Model):
    """One sentence for whoever wrote the script."""

    question: str | None
    concern: Concern
    text: str


class Before(Model):
    """The last pilot of the same script."""

    version: str
    tau: float | None
    discrimination: dict[str, float | None]
    difficulty: dict[str, float | None]
    minutes: float


class PilotReport(Model):
    version: str
    """Of the script."""
    title: str
    made: datetime
    model: str
    rubrics: dict[str, str]
    calibrated: bool
    spoken: bool
    authored_answers: bool
    """False where the candidates' answers were put together from stories instead of written for the questions."""
    candidates: list[CandidateFigures]
    questions: list[QuestionFigures]
    manners: list[MannerFigures]
    tau: Figure
    """Kendall's tau of mean levels with intended levels, over the pairs whose intended levels differ."""
    tau_b: float | None
    """The same with ties counted as in tau-b, whose largest value is below 1 where many candidates share a level."""
    consistency: float | None
    """Mean distance, in levels, between two people of the same level and manner."""
    minutes: float
    """Median length of a conversation."""
    planned_minutes: float
    work_minutes: float | None
    """What the pilot itself took, where it ran without a break."""
    passed_on: dict[str, int]
    """Candidates' questions that the facts do not answer, with how often they were asked."""
    gates: list[Gate]
    advice: list[Advice]
    before: Before | None
