"""Cuts what the interviewer says into pieces for the voice: the first is heard while the others are made."""

import re
from typing import NamedTuple

LONG = 12
"""Words from which a first sentence is broken at a clause."""
SHORTEST = 3
"""Words of a clause that may stand alone."""
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)]))\s+(?=[\"'“‘(]?[A-Z0-9])")
_CLAUSE = re.compile(r"(?<=[,;:])\s+")


class Breath(NamedTuple):
    text: str
    begins_sentence: bool


def breaths(text: str) -> list[Breath]:
    """The pieces of `text`. Only the first sentence is broken inside, and only where it is long."""
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    if not sentences:
        return []
    head, *rest = sentences
    first = [Breath(part, number == 0) for number, part in enumerate(_clauses(head))]
    return first + [Breath(sentence, True) for sentence in rest]


def _clauses(sentence: str) -> list[str]:
    """A long sentence as its first clause and the rest."""
    if len(sentence.split()) < LONG:
        return [sentence]
    for comma in _CLAUSE.finditer(sentence):
        head, rest = sentence[: comma.start()], sentence[comma.end() :]
        if len(head.split()) >= SHORTEST and len(rest.split()) >= SHORTEST:
            return [head, rest]
    return [sentence]
