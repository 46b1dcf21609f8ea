"""Errors of grading.

GradingError
├── RubricError                a rubric file is wrong: names file, field and fix
├── LanguageModelUnavailable   the model did not answer, or answered with something unusable
└── SandboxError               tests could not be run at all
"""


class GradingError(Exception):
    """Something about grading that the user can mend."""


class RubricError(GradingError):
    """A rubric file that cannot be used; the message names file, field and fix."""


class LanguageModelUnavailable(GradingError):
    """The language model could not be reached or gave no usable reply; the message says which and what to do."""


class SandboxError(GradingError):
    """Code could not be tested, for a reason that lies in this machine; the message says which."""
