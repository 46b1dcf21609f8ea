"""Cuts what people say into sentences and into word stems."""

import re

LONGEST_PIECE_WORDS = 30
"""A longer stretch without punctuation, as speech recognition may deliver, is cut into overlapping windows."""
SHORTEST_PIECE_WORDS = 4

_SENTENCE_END = re.compile(r"(?<=[.?!;])\s+|\n+")
_WORD = re.compile(r"[a-z0-9']+")
_COMMON_WORDS = """
    a about an and are as at be been but by can could did do does doing don't for from had has have how i i'd i'm
    i've if in into is it it's its just let's like me my no not of on or our out so some such than that that's the
    their them then there these they this to too um up us was we were what what's when where which who why will with
    would you you'd your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ENDINGS = (
    "ization",
    "isation",
    "ations",
    "ation",
    "ings",
    "ing",
    "edly",
    "ies",
    "ied",
    "ed",
    "ers",
    "er",
    "es",
    "s",
    "ly",
)


def sentences(text: str) -> list[str]:
    """The sentences of a text; fragments join what follows, and run-on speech is cut into windows."""
    pieces: list[str] = []
    held: list[str] = []
    for part in _SENTENCE_END.split(text):
        held += part.split()
        if len(held) >= SHORTEST_PIECE_WORDS:
            pieces += _windows(held)
            held = []
    if held:
        pieces.append(" ".join(held))
    return pieces


def _windows(words: list[str]) -> list[str]:
    if len(words) <= LONGEST_PIECE_WORDS * 4 // 3:
        return [" ".join(words)]
    step = LONGEST_PIECE_WORDS // 2
    starts = range(0, len(words) - step, step)
    return [" ".join(words[start : start + LONGEST_PIECE_WORDS]) for start in starts]


def stems(text: str) -> list[str]:
    """The words of a text that may tell topics apart, without their endings. Crude on purpose: it only has to agree
    with itself."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
