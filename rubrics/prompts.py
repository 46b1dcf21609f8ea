"""What the language model reads.

All prompts for one answer begin alike (question, then answer, then the check last), so that a server with a prompt
cache reads the answer once, whatever rubric is asked about it. The answer stands between marks; every character that
marks are made of is taken out of it, so that it can neither close them nor open a turn of its own.
"""

import hashlib
import re
from collections.abc import Sequence

from rubrics.language import Message

_SYSTEM = (
    "You check facts in interview transcripts. You read what a candidate said and answer one question about it with "
    "Yes or No. Say Yes only if the candidate's own words show it. If they do not, or you are not sure, say No."
)
_ANSWER = "Interviewer's question: {question}\n\nCandidate's answer:\n<answer>\n{answer}\n</answer>"
_READ = "I have read the answer."
_CHECK = "{ask} Answer Yes or No."
FITS = "Does the answer fit the question?"
_MARKUP = re.compile(r"<\|[^|]*\|>|[<>|{}\[\]`#]")


def prompt_version(*more: str) -> str:
    """Changes whenever a prompt (or `more`) does, so that a run says which prompts it was made with."""
    everything = "\n".join((_SYSTEM, _ANSWER, _READ, _CHECK, *more))
    return hashlib.sha256(everything.encode()).hexdigest()[:8]


def reading(question: str, answer: str) -> list[Message]:
    """The beginning that all prompts for an answer share."""
    return [
        {"role": "system", "content": _SYSTEM},
        {"role": "user", "content": _ANSWER.format(question=plain(question), answer=plain(answer))},
        {"role": "assistant", "content": _READ},
    ]


def check(read: Sequence[Message], ask: str) -> list[Message]:
    return [*read, {"role": "user", "content": _CHECK.format(ask=ask)}]


def plain(text: str) -> str:
    """`text` on one line, without any character that marks are made of."""
    return " ".join(_MARKUP.sub(" ", text).split())
