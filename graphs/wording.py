"""The model words what the graph has decided to ask. The hand-written form is asked where it fails or is too slow.

For a follow-up the model only finds what to pick up ("You mentioned the nightly index rebuild."), and the hand-written
question comes after it: ten tokens instead of thirty, and a small model cannot change what is asked. A model that
words the whole question is taken at its word. Either way the result is held against every rule of `graphs.checks`.
"""

import asyncio
import logging
import re

from graphs.checks import Context, clean, faults, ordinary_words, picked_up
from graphs.deps import Deps
from graphs.questions import item
from graphs.reading import task
from graphs.state import AnswerRecord, State, plan_of, words_of
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

MOST_TOKENS = 48
FEWEST_WORDS = 12
"""In a shorter answer there is nothing to pick up; the hand-written follow-up is asked at once."""
_PICK_UP = re.compile(r"^(?:you (?:mentioned|said|talked about|described|spoke of)(?: that)?\b[ :]*)?", re.I)
_THEIRS = {
    r"\b(?:i am|i'm|we are|we're)\b": "you're",
    r"\b(?:i was|we were)\b": "you were",
    r"\b(?:i|we|me|us)\b": "you",
    r"\b(?:my|our)\b": "your",
    r"\b(?:mine|ours)\b": "yours",
}
log = logging.getLogger(__name__)


async def follow_up(state: State, deps: Deps, answer: AnswerRecord, by_hand: str) -> str:
    """The hand-written follow-up, led into by something that the candidate said."""
    words = words_of(state, answer)
    if len(words.split()) < FEWEST_WORDS:
        return by_hand
    reply = await _complete(deps, task("follow_up", answer["question_text"], words, follow_up=by_hand), state)
    if reply is None:
        return by_hand
    context = _context(state, deps, answer, by_hand, words)
    text = reply if "?" in reply else _led_into(reply, by_hand, words)
    return text if text is not None and _holds(text, context) else by_hand


async def rephrased(state: State, deps: Deps, answer: AnswerRecord) -> str | None:
    """The question in simpler words; None where the model cannot help."""
    text = answer["question_text"]
    reply = await _complete(deps, task("rephrase", text, ""), state)
    context = _context(state, deps, answer, text, "", but=text)
    return reply if reply is not None and _holds(reply, context, about_said=False) else None


async def _complete(deps: Deps, messages: list[Message], state: State) -> str | None:
    """The model's line; None where there is no model, or it is not there in time."""
    if deps.language is None:
        return None
    call = deps.language.complete(
        messages, max_tokens=MOST_TOKENS, seed=plan_of(state).seed, stop=["\n", "."]
    )
    try:
        return clean(await asyncio.wait_for(call, deps.wording_deadline_s))
    except (LanguageModelUnavailable, TimeoutError) as error:
        log.info("asked as written by hand: %s", type(error).__name__)
        return None


def _led_into(reply: str, by_hand: str, words: str) -> str | None:
    """`You mentioned ...` before the question; None where the words picked up are not the candidate's."""
    phrase = _PICK_UP.sub("", reply, count=1).strip(" .,;:\"'")
    if not picked_up(phrase, words):
        return None
    for first_person, second in _THEIRS.items():
        phrase = re.sub(first_person, second, phrase, flags=re.I)
    return f"You mentioned {phrase}. {by_hand}"


def _holds(text: str, context: Context, *, about_said: bool = True) -> bool:
    found = faults(text, context, about_said=about_said)
    if found:
        log.info("asked as written by hand: %s", ", ".join(found))
    return not found


def _context(
    state: State, deps: Deps, answer: AnswerRecord, by_hand: str, words: str, *, but: str = ""
) -> Context:
    """`but` is an earlier line that may be said again in other words."""
    topic, asked = deps.topics.get(answer["topic"]), item(deps, answer["question"])
    written = [q for bank in deps.banks.values() for q in bank.questions]
    probes = [text for q in written for texts in q.follow_ups.values() for text in texts]
    said = [turn["text"] for turn in state["turns"] if turn["speaker"] == "interviewer"]
    return Context(
        said=words,
        question=answer["question_text"],
        by_hand=by_hand,
        asked=[line for line in said if but not in line or not but],
        material=[
            *((point.text for point in topic.points) if topic else ()),
            *(topic.mistakes if topic else ()),
            *(asked.hints if asked else ()),
        ],
        terms=topic.terms if topic else [],
        ordinary=ordinary_words([*(q.text for q in written), *probes]),
    )
