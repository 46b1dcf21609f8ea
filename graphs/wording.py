"""The model words what the graph has decided to ask. The hand-written form is asked where it fails or is too slow.

For a follow-up a small model only chooses which of the things that the candidate named is picked up ("You mentioned the
nightly rebuild."); the question comes after it as it was written: few tokens, and nothing can change what is asked. A
strong model words the whole question. Either way the result is held against every rule of `graphs.checks`.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from random import Random
from typing import Any

from graphs.checks import Context, clean, faults, ordinary_words
from graphs.deps import Deps
from graphs.lines import lines
from graphs.picking import things_named
from graphs.questions import item
from graphs.reading import task
from graphs.state import AnswerRecord, State, plan_of, words_of
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

MOST_TOKENS = 64
FEWEST_WORDS = 12
"""In a shorter answer there is nothing to pick up; the hand-written follow-up is asked at once."""
log = logging.getLogger(__name__)


async def follow_up(
    state: State, deps: Deps, answer: AnswerRecord, by_hand: str, *, of_pad: bool = False
) -> str:
    """The hand-written follow-up, led into by something that the candidate said.

    One `of_pad` names already what it is about: only a strong model words it anew.
    """
    words = words_of(state, answer)
    if deps.language is None or (of_pad and not deps.whole_follow_ups):
        return by_hand
    if not of_pad and len(words.split()) < FEWEST_WORDS:
        return by_hand
    word = _whole if deps.whole_follow_ups else _led_into
    text = await deps.ahead.wording(
        answer["id"], by_hand, words, lambda: word(state, deps, answer, by_hand, words), deps.time_left_s
    )
    if text is None or not _holds(text, _context(state, deps, answer, by_hand, words), about_said=not of_pad):
        return by_hand
    return text


async def rephrased(state: State, deps: Deps, answer: AnswerRecord) -> str | None:
    """The question in simpler words; None where the model cannot help."""
    text = answer["question_text"]
    reply = await _complete(state, deps, task("rephrase", text, ""))
    context = _context(state, deps, answer, text, "", but=text)
    return reply if reply is not None and _holds(reply, context, about_said=False) else None


async def _led_into(state: State, deps: Deps, answer: AnswerRecord, by_hand: str, words: str) -> str | None:
    """The question as written, after the thing named that it is closest to."""
    things = things_named(words, f"{answer['question_text']} {by_hand}")
    if not things:
        return None
    listed = ", ".join(f'"{thing}"' for thing in things)
    messages = task("follow_up", answer["question_text"], words, follow_up=by_hand, things=listed)
    schema = {"type": "string", "enum": things}  # an object around it would take the model a second to write
    reply = await _complete(state, deps, messages, schema)
    about = _chosen(reply, things) if reply is not None else None
    if about is None:
        return None
    lead = Random(f"{plan_of(state).seed}:{by_hand}").choice(lines()["pick_up"])
    return f"{lead.format(what=about)} {by_hand}"


async def _whole(state: State, deps: Deps, answer: AnswerRecord, by_hand: str, words: str) -> str | None:
    """The question in the model's own words."""
    persona = plan_of(state).stages[state["place"]["stage"]].interviewer
    manner = persona.manner.rstrip(".").lower()
    messages = task("follow_up_whole", answer["question_text"], words, manner=manner, follow_up=by_hand)
    return await _complete(state, deps, messages)


async def _complete(
    state: State, deps: Deps, messages: list[Message], schema: Mapping[str, Any] | None = None
) -> str | None:
    """The model's reply; None where there is no model, or it is not there in time."""
    if deps.language is None:
        return None
    call = deps.language.complete(
        messages,
        max_tokens=MOST_TOKENS,
        seed=plan_of(state).seed,
        stop=() if schema else ("\n",),
        schema=schema,
    )
    try:
        reply = await asyncio.wait_for(call, deps.time_left_s)
    except (LanguageModelUnavailable, TimeoutError) as error:
        log.info("asked as written by hand: %s", type(error).__name__)
        return None
    return reply if schema else clean(reply)


def _chosen(reply: str, things: list[str]) -> str | None:
    """What the reply chooses, if it is one of the things offered: not every endpoint keeps to a schema."""
    try:
        about = json.loads(reply)
    except ValueError:
        return None
    return about if isinstance(about, str) and about in things else None


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
    problem = deps.problems.get(answer["question"].partition("/")[2])
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
            *((problem.complexity, *problem.talking_points) if problem else ()),
        ],
        terms=topic.terms if topic else [],
        ordinary=ordinary_words([*(q.text for q in written), *probes]),
    )
