"""What the language model reads.

All prompts for one answer begin alike (question, then answer, then the check last), so that a server with a prompt
cache reads the answer once, whatever rubric is asked about it. The answer is printed one numbered sentence a line
between marks made from a hash of it; markup is taken out of it, so that it can neither close the marks nor open a turn.
"""

import hashlib
import re
from collections.abc import Sequence

from rubrics.language import Message
from rubrics.sentences import Span

_SYSTEM = (
    "You check facts in interview transcripts. You read what a candidate said and answer one question about it with "
    "Yes or No. Say Yes only if the candidate's own words show it. If they do not, or you are not sure, say No."
)
_ANSWER = "Interviewer's question: {question}\n\nCandidate's answer:\n<{mark}>\n{answer}\n</{mark}>"
_READ = "I have read the answer."
_CHECK = "{ask} Answer Yes or No."
_MARKUP = re.compile(r"<\|[^|]*\|>|[<>|{}\[\]`#]")


def prompt_version() -> str:
    """Changes whenever a prompt does, so that a run says which prompts it was made with."""
    everything = "\n".join((_SYSTEM, _ANSWER, _READ, _CHECK))
    return hashlib.sha256(everything.encode()).hexdigest()[:8]


def reading(question: str, answer: str, sentences: Sequence[Span]) -> list[Message]:
    """The beginning that all prompts for an answer share."""
    lines = [f"{number}. {_plain(s.of(answer))}" for number, s in enumerate(sentences, start=1)]
    text = "\n".join(lines)
    mark = "answer-" + hashlib.sha256(text.encode()).hexdigest()[:4]
    return [
        {"role": "system", "content": _SYSTEM},
        {"role": "user", "content": _ANSWER.format(question=_plain(question), mark=mark, answer=text)},
        {"role": "assistant", "content": _READ},
    ]


def check(read: Sequence[Message], ask: str) -> list[Message]:
    return [*read, {"role": "user", "content": _CHECK.format(ask=ask)}]


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
