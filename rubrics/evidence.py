"""Finds the sentence that a "yes" rests on. The model judges it; where to look first, and what it must hold, is code.

A small model cannot point at a sentence: asked for its number it names the second one whatever the check.
"""

import re
from collections.abc import Sequence

from rubrics.cues import FIGURE, finder, plain
from rubrics.models import Check
from rubrics.sentences import Span

_NEEDS = {
    "words": re.compile(""),
    "figure": FIGURE,
    "self": re.compile(r"\b(?:i|my|me|mine|myself)\b", re.IGNORECASE),
}
_ASK_WORD = re.compile(r"[a-z]{5,}")
_EMPTY_ASK_WORDS = frozenset(
    ("candidate", "describe", "mention", "explain", "themselves", "another", "their", "about")
)
_STEM_LETTERS = 5
_TRIES = 4


def candidates(check: Check, answer: str, sentences: Sequence[Span]) -> list[Span]:
    """The sentences that may show a yes to `check`, likeliest first; each has what the check needs.

    For a check with cues this is the one that most cues point at, or none. A check without cues can only guess: its
    candidates still have to convince the model by themselves.
    """
    hits = {s: cue_hits(check, s.of(answer)) for s in sentences if _NEEDS[check.needs].search(s.of(answer))}
    if check.cues:
        return [max(hits, key=lambda s: (hits[s], -s.start))] if any(hits.values()) else []
    return sorted(hits, key=lambda s: (-hits[s], s.start - s.end))[:_TRIES]


def cues_found(check: Check, answer: str, sentences: Sequence[Span]) -> int:
    """How many different cues of the check are in sentences that have what it needs."""
    said = [plain(text) for s in sentences if _NEEDS[check.needs].search(text := s.of(answer))]
    return sum(any(map(finder(cue), said)) for cue in _cues(check))


def figures(check: Check, answer: str, sentences: Sequence[Span]) -> int:
    """How many sentences hold a figure; none for a check that needs none."""
    if check.needs != "figure":
        return 0
    return sum(_NEEDS["figure"].search(s.of(answer)) is not None for s in sentences)


def cue_hits(check: Check, sentence: str) -> int:
    """How many cues of the check are in the sentence; words of the check stand in where it has no cues."""
    text = plain(sentence)
    return sum(finder(cue)(text) for cue in _cues(check))


def _cues(check: Check) -> list[str]:
    if check.cues:
        return check.cues
    asked = set(_ASK_WORD.findall(check.ask.casefold())) - _EMPTY_ASK_WORDS
    return sorted(word[:_STEM_LETTERS] for word in asked)
