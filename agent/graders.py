"""The grader that the settings name."""

from collections.abc import Mapping

from agent.settings import Settings
from rubrics.grader import Grader
from rubrics.language import LanguageModel
from rubrics.models import Rubric
from rubrics.structured import StructuredGrader


def make_grader(settings: Settings, language: LanguageModel, rubrics: Mapping[str, Rubric]) -> Grader:
    if settings.grader == "structured":
        return StructuredGrader(language, rubrics, samples=settings.grader_samples)
    return Grader(language, rubrics)
