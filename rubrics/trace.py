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


class GradeTrace(Frozen):
    """A grade and every number behind it."""

    grade: Grade
    fit: float | None
    """The share of the check whether the answer fits the question; None where a gate decided."""
    checks: list[CheckTrace]
    prompt_version: str
