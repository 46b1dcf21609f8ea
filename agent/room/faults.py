"""What a page says of an error."""

import logging
import traceback

from agent.errors import SoundcheckError
from evals.errors import EvalError
from graphs.errors import GraphError
from knowledge.errors import KnowledgeError
from rubrics.errors import GradingError

OURS = (SoundcheckError, GraphError, KnowledgeError, GradingError, EvalError)
"""Errors that a user can mend, and may read."""
log = logging.getLogger(__name__)


def why(error: BaseException) -> str:
    """Words for the page. Of an error that nobody foresaw the log gets the place; its text may quote the candidate."""
    if isinstance(error, OURS):
        return str(error)
    kind = type(error).__name__
    log.error("unforeseen %s at:\n%s", kind, "".join(traceback.format_tb(error.__traceback__)))
    return (
        f"Something went wrong that should not ({kind}). What was said so far is kept; carry on with it, and if this "
        "happens again, the lines that the server printed say where."
    )
