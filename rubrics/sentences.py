"""Splits an answer into sentences that keep their place in it.

Speech recognition may leave out punctuation: a run that is too long to be one sentence is cut at a joining word,
so that a quote stays short enough to read and to hear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WORDS = 40
_WORD = re.compile(r"\S+")
_END = re.compile(r"[.?!…]+[\"'”’)\]]*(?=\s)|\n+")
_JOINING = frozenset(
    ("and", "but", "so", "because", "then", "which", "when", "while", "after", "before", "although", "though")
)


@dataclass(frozen=True)
class Span:
    """`text[start:end]`, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def sentences(text: str, parts: list[Span] | None = None) -> list[Span]:
    """The sentences of `text`, or of only those `parts` of it; none is empty and none has white space around it."""
    found = []
    for part in parts if parts is not None else [Span(0, len(text))]:
        for sentence in _by_punctuation(text, part):
            found += cut(text, sentence, MAX_WORDS)
    return found


def words(text: str, span: Span) -> list[Span]:
    """The words in a span, punctuation attached."""
    return [Span(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]


def cut(text: str, sentence: Span, max_words: int) -> list[Span]:
    """Pieces of at most `max_words` words, cut before the last joining word that leaves a whole clause."""
    left, pieces = words(text, sentence), []
    while len(left) > max_words:
        at = max(
            (i for i in range(max_words // 3, max_words + 1) if _joins(left[i].of(text))),
            default=max_words,
        )
        pieces.append(Span(left[0].start, left[at - 1].end))
        left = left[at:]
    return [*pieces, Span(left[0].start, left[-1].end)]


def _by_punctuation(text: str, part: Span) -> Iterator[Span]:
    start = part.start
    for end in [m.end() for m in _END.finditer(text, part.start, part.end)] + [part.end]:
        inside = words(text, Span(start, end))
        if any(character.isalnum() for character in text[start:end]):
            yield Span(inside[0].start, inside[-1].end)
        start = end


def _joins(word: str) -> bool:
    return word.strip(",;:").casefold() in _JOINING
