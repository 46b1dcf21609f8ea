"""The model words what the graph has decided to ask. The hand-written form is asked where it fails or is too slow."""

import asyncio
import logging

from graphs.checks import Context, clean, faults, ordinary_words
from graphs.deps import Deps
from graphs.questions import item
from graphs.reading import task
from graphs.state import AnswerRecord, State, plan_of, words_of
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

MOST_TOKENS = 56
log = logging.getLogger(__name__)


async def follow_up(state: State, deps: Deps, answer: AnswerRecord, by_hand: str) -> str:
    """The hand-written follow-up in words that take up something the candidate said."""
    plan = plan_of(state)
    manner = plan.stages[state["place"]["stage"]].interviewer.manner.rstrip(".").lower()
    words = words_of(state, answer)
    messages = task("follow_up", answer["question_text"], words, manner=manner, follow_up=by_hand)
    context = _context(state, deps, answer, by_hand, words)
    return await _worded(deps, messages, context, plan.seed) or by_hand


async def rephrased(state: State, deps: Deps, answer: AnswerRecord) -> str | None:
    """The question in simpler words; None where the model cannot help."""
    text = answer["question_text"]
    context = _context(state, deps, answer, text, "")
    earlier = [line for line in context.asked if line != text]
    context = Context(**{**vars(context), "asked": earlier})
    return await _worded(deps, task("rephrase", text, ""), context, plan_of(state).seed, about_said=False)


async def _worded(
    deps: Deps, messages: list[Message], context: Context, seed: int, *, about_said: bool = True
) -> str | None:
    if deps.language is None:
        return None
    call = deps.language.complete(messages, max_tokens=MOST_TOKENS, seed=seed, stop=["\n"])
    try:
        text = clean(await asyncio.wait_for(call, deps.wording_deadline_s))
    except (LanguageModelUnavailable, TimeoutError) as error:
        log.info("follow-up asked as written by hand: %s", type(error).__name__)
        return None
    found = faults(text, context, about_said=about_said)
    if found:
        log.info("follow-up asked as written by hand: %s", ", ".join(found))
        return None
    return text


def _context(state: State, deps: Deps, answer: AnswerRecord, by_hand: str, words: str) -> Context:
    topic = deps.topics.get(answer["topic"])
    asked = item(deps, answer["question"])
    texts = [q.text for bank in deps.banks.values() for q in bank.questions]
    probes = [
        t for bank in deps.banks.values() for q in bank.questions for ts in q.follow_ups.values() for t in ts
    ]
    return Context(
        said=words,
        question=answer["question_text"],
        by_hand=by_hand,
        asked=[turn["text"] for turn in state["turns"] if turn["speaker"] == "interviewer"],
        material=[
            *((point.text for point in topic.points) if topic else ()),
            *(topic.mistakes if topic else ()),
            *(asked.hints if asked else ()),
        ],
        terms=topic.terms if topic else [],
        ordinary=ordinary_words([*texts, *probes]),
    )
