"""Answers to the candidate's own questions: from the guide's facts, or not at all."""

import asyncio

from graphs.checks import stems
from graphs.deps import Deps
from graphs.lines import word_set
from knowledge.models import GUIDE, Fact

NEAR_ENOUGH = 0.47
"""Search score from which a fact answers a question; with MiniLM, questions that no fact answers stay below it."""
ALIKE_ENOUGH = 0.5
"""Share of telling words in common with one of the ways in which a fact is asked for."""
HITS = 3


async def fact_for(question: str, deps: Deps) -> str | None:
    """What the guide lets an interviewer say about it; None where it says nothing. Never the topics' material."""
    facts = deps.guide.facts
    asked = _telling(question)
    by_words = max(facts, key=lambda fact: _nearness(asked, fact), default=None)
    if by_words is not None and _nearness(asked, by_words) >= ALIKE_ENOUGH:
        return by_words.answer
    if deps.search is None:
        return None
    # the company's name is close to every fact
    nameless = question.lower().replace(deps.guide.company.lower(), "").strip()
    hits = await asyncio.to_thread(deps.search.search, nameless or question, limit=HITS, topic=GUIDE)
    known = {fact.id: fact.answer for fact in facts}
    for hit in hits:
        if hit.kind == "fact" and hit.score >= NEAR_ENOUGH:
            return known.get(hit.source.rpartition("/")[2])
    return None


def _nearness(asked: set[str], fact: Fact) -> float:
    ways = [_telling(way) for way in fact.ask]
    said_alike = [way for way in ways if len(asked & way) > 1 or asked == way]
    return max((len(asked & way) / len(asked | way) for way in said_alike), default=0.0)


def _telling(text: str) -> set[str]:
    return {stem for stem in stems(text.replace("'", "")) if stem not in word_set("asking_words")}
