"""What became of a candidate's code under the tests of its problem: made by `rubrics.sandbox`, read by the grader."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Suite = Literal["visible", "hidden"]
OutcomeStatus = Literal["passed", "failed", "timed out", "crashed"]


class Outcome(BaseModel):
    """What became of one test function; with parameters it has passed where all of its cases have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: Suite
    name: str
    status: OutcomeStatus
    message: str | None = None
    """Why it has not passed, in a line or two. That of a hidden test may give the test away."""
    seconds: float = 0.0
    peak_mb: float = 0.0
    """Resident memory, that of the interpreter included."""


class CodeRun(BaseModel):
    """One run of code against all tests of a problem."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tests: list[Outcome]
    seconds: float
    output: str = ""
    """The beginning of what the code printed in visible tests; in hidden ones it might print the tests."""
    walls: list[str] = Field(default_factory=list)
    """What kept the code in, e.g. `files`, `system calls`; see `rubrics.sandbox.walls`."""

    def of(self, suite: Suite) -> list[Outcome]:
        return [test for test in self.tests if test.suite == suite]

    def passed(self, suite: Suite) -> int:
        return sum(test.status == "passed" for test in self.of(suite))

    @property
    def peak_mb(self) -> float:
        return max((test.peak_mb for test in self.tests), default=0.0)
