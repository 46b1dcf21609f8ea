"""Finds words that a model claims to quote in the candidate's own words."""

import re

from rubrics.models import Evidence
from rubrics.sentences import Span, words

MIN_WORDS = 3
"""Fewer words are found in any answer, so they show nothing."""
_PUNCTUATION = re.compile(r"[^\w%]+")


def find_quote(answer: str, readable: tuple[Span, ...], quote: str) -> Evidence | None:
    """Where `answer` says those words in that order, within what the model was given to read.

    Case and punctuation may differ, the words may not; the evidence is the candidate's own spelling.
    """
    wanted = [norm for word in quote.split() if (norm := _norm(word))]
    if len(wanted) < MIN_WORDS:
        return None
    said = [(span, norm) for span in words(answer, Span(0, len(answer))) if (norm := _norm(span.of(answer)))]
    for first in range(len(said) - len(wanted) + 1):
        run = said[first : first + len(wanted)]
        if [norm for _, norm in run] == wanted and all(_inside(span, readable) for span, _ in run):
            start, end = run[0][0].start, run[-1][0].end
            return Evidence(quote=answer[start:end], start=start, end=end)
    return None


def _inside(word: Span, readable: tuple[Span, ...]) -> bool:
    return any(span.start <= word.start and word.end <= span.end for span in readable)


def _norm(word: str) -> str:
    return _PUNCTUATION.sub("", word).casefold()
