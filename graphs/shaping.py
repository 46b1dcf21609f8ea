"""Turns the text of an answer into how a certain kind of person would give it; what is said stays recognisable."""

from collections.abc import Callable
from random import Random

from graphs.manner import SENTENCE_END, lowered
from graphs.persona import Shape

TERSE_WORDS = 16
"""A terse answer ends with the sentence in which it reaches so many words."""
RESTARTS, FALSE_STARTS, HEDGES = 0.16, 0.08, 0.2
"""Chances for each sentence of a nervous answer."""
_HEDGES = ("I think", "I believe", "If I remember that right,", "I would say", "How do I put it,")
_AGAIN = ("sorry, let me say that again.", "no, wait, I am saying it badly.", "sorry, once more.")
_BACK = (
    "Anyway, where was I.",
    "But that is another story.",
    "Well, that only on the side.",
    "So, back to what I was saying.",
    "I am getting a bit off the track here.",
    "But you wanted to hear about something else.",
)
_CIRCLES = ("So, as I said, {s}", "What I mean is, {s}", "In other words, {s}", "And like I said before, {s}")


def shaped(text: str, shape: Shape, rng: Random, aside: Callable[[], str]) -> str:
    """`aside` gives something to digress with; only ramblers use it."""
    if shape == "terse":
        return terse(text)
    if shape == "rambling":
        return rambling(text, aside, rng)
    return nervous(text, rng) if shape == "nervous" else text


def terse(text: str) -> str:
    """The first sentences only, as few as make an answer at all."""
    kept: list[str] = []
    for sentence in SENTENCE_END.split(text):
        kept.append(sentence)
        if sum(len(s.split()) for s in kept) >= TERSE_WORDS:
            break
    return " ".join(kept)


def rambling(text: str, aside: Callable[[], str], rng: Random) -> str:
    """The same sentences between asides, and some of them again."""
    said: list[str] = []
    for i, sentence in enumerate(SENTENCE_END.split(text)):
        said.append(sentence)
        if i % 2 == 0:
            said += [aside(), rng.choice(_BACK)]
        elif (again := lowered(sentence)) != sentence:
            said.append(rng.choice(_CIRCLES).format(s=again))
    return " ".join(said)


def nervous(text: str, rng: Random) -> str:
    """The same content, hedged, with false starts and words begun twice."""
    said: list[str] = []
    for sentence in SENTENCE_END.split(text):
        words, inner, draw = sentence.split(), lowered(sentence), rng.random()
        if draw < FALSE_STARTS and len(words) > 8:
            said += [" ".join(words[:4]).rstrip(",.") + ",", rng.choice(_AGAIN), sentence]
        elif inner == sentence and words[0] != "I":
            said.append(sentence)
        elif draw < FALSE_STARTS + RESTARTS and len(words) > 4:
            said.append(f"{' '.join(words[:2]).rstrip(',.')}, {inner}")
        elif draw < FALSE_STARTS + RESTARTS + HEDGES:
            said.append(f"{rng.choice(_HEDGES)} {inner}")
        else:
            said.append(sentence)
    return " ".join(said)
