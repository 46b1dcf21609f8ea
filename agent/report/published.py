"""What is common to everything in `report.json`, and the part of it that code takes."""

from pydantic import BaseModel, ConfigDict

from rubrics.coderun import OutcomeStatus, Suite


class Published(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CodeTest(Published):
    suite: Suite
    name: str
    status: OutcomeStatus
    message: str | None
    """Null where it passed, and of hidden tests."""


class CodeReport(Published):
    """What was written on the code pad."""

    problem: str
    code: str
    runs: int
    """How often the candidate ran the visible tests."""
    tests: list[CodeTest]
    summary: str | None
    """How many tests of each suite pass; null where they were not run for the grade."""
