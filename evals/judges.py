"""The judges that the product's own grader is compared with, by the name under which `eval run --judge` knows them."""

from collections.abc import Callable, Mapping
from typing import Protocol

from evals.naive import NaiveJudge
from rubrics.language import LanguageModel
from rubrics.models import GradeRequest, Rubric
from rubrics.trace import GradeTrace


class Rival(Protocol):
    """An `evals.running.Judge` that says which prompts it asks with."""

    @property
    def prompts(self) -> str:
        """For `RunCard.prompts`."""

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace: ...


RIVALS: dict[str, Callable[[LanguageModel, Mapping[str, Rubric]], Rival]] = {"naive": NaiveJudge}
