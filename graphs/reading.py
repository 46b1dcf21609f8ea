"""What the language model is given to read, and the yes/no questions it is asked.

Every prompt begins with the same words: the system message, the question and the candidate's words. A caller that
reads `so_far` into the model while the candidate still speaks has therefore read most of any later prompt.
"""

import asyncio
import re
from functools import cache

import yaml

from graphs.deps import Deps
from graphs.evidence import row_evidence
from graphs.lines import PROMPTS, prompt
from graphs.state import Intent
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

MOST_WORDS = 600
"""The model reads the first words of an answer only: the beginning stays the same while the candidate goes on."""
YES = 0.0
"""Log-odds from which an answer is a yes."""


def so_far(question: str, words: str) -> list[Message]:
    """The part of every prompt that does not depend on what is asked about the words. It only ever grows at the end."""
    said = prompt("said").substitute(question=question, answer=as_data(words))
    return [
        {"role": "system", "content": prompt("system").substitute()},
        {"role": "user", "content": said},
    ]


def task(name: str, question: str, words: str, **values: str) -> list[Message]:
    """`so_far` and what is to be done about it."""
    system, said = so_far(question, words)
    rest = prompt(name).substitute(values)
    return [system, {"role": "user", "content": f"{said['content']}\n{rest}"}]


def shows(row: str, question: str, words: str) -> list[Message]:
    """Does the answer show anything for a rubric row?"""
    return task("shows", question, words, ask=row_evidence()[row].ask)


def means(intent: Intent, question: str, text: str) -> list[Message]:
    """Is this a request to the interviewer rather than an answer?"""
    return task("intent", question, text, meaning=_meanings()[intent])


async def says_yes(deps: Deps, messages: list[Message], *, unless: bool, at_least: float = YES) -> bool:
    """The model's verdict; `unless` where it cannot be had in time."""
    verdict = await verdict_of(deps, messages, at_least=at_least)
    return unless if verdict is None else verdict


async def verdict_of(deps: Deps, messages: list[Message], *, at_least: float = YES) -> bool | None:
    """The model's verdict; None where it cannot be had in time. The same is never asked twice in a turn."""
    if deps.language is None:
        return None
    known, prompt = deps.ahead.odds, messages[-1]["content"]
    if prompt not in known:
        try:
            known[prompt] = await asyncio.wait_for(deps.language.yes_log_odds(messages), deps.time_left_s)
        except (LanguageModelUnavailable, TimeoutError):
            return None
    return known[prompt] >= at_least


def as_data(text: str) -> str:
    """Words that cannot close a delimiter, open a chat turn or hide control characters."""
    plain = re.sub(r"[<>{}\[\]|`\\]", " ", text)
    plain = "".join(c if c.isprintable() else " " for c in plain)
    return " ".join(plain.split()[:MOST_WORDS])


@cache
def _meanings() -> dict[Intent, str]:
    raw = yaml.safe_load((PROMPTS / "intents.yaml").read_text(encoding="utf-8"))
    return dict(raw["meanings"])
