"""What the grader measured on the way to a grade: the raw material of calibration and of error analysis."""

from typing import Annotated

from pydantic import Field

from rubrics.models import Evidence, Frozen, Grade


class CheckTrace(Frozen):
    """One check on one answer."""

    row: str
    id: str
    level: Annotated[int, Field(ge=2, le=5)]
    log_odds: float
    prior: float
    """Log-odds of the same check on an answer that says nothing."""
    adjusted: float
    """`log_odds - prior`."""
    share: float
    """`adjusted` as a share of what the rubric's example adds: about 0 shows nothing, about 1 is a clear yes."""
    quote: Evidence | None
    """The sentence that shows it, found again in the answer; None where there is no such sentence, which means no."""
    cues: int = 0
    """How many different cues of it are in sentences that have what the check needs."""
    figures: int = 0
    """How many sentences hold a figure, where the check needs one."""
    asked: bool = True
    """False where the model was not asked, and the numbers are those of a no: no sentence could show it, or its cues
    say enough."""


class SampleTrace(Frozen):
    """One structured reply about one row. A level above the lowest counts only where a quote of it was `found`."""

    row: str
    level: Annotated[int, Field(ge=1, le=5)]
    quoted: int
    """How many quotes it gave."""
    found: int
    """How many of them stand in the answer."""


class GradeTrace(Frozen):
    """A grade and every number behind it."""

    grade: Grade
    fit: float | None
    """The share of the check whether the answer fits the question; None where a gate decided."""
    checks: list[CheckTrace]
    samples: list[SampleTrace] = Field(default_factory=list)
    """Of the structured grader, which asks no checks."""
    prompt_version: str
