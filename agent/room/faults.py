"""Errors that a user can mend, and may read."""

from agent.errors import SoundcheckError
from evals.errors import EvalError
from graphs.errors import GraphError
from knowledge.errors import KnowledgeError
from rubrics.errors import GradingError

OURS = (SoundcheckError, GraphError, KnowledgeError, GradingError, EvalError)
