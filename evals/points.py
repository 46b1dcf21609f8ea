"""Takes a reference answer apart into the points that an answer may make, each short enough to be one yes/no check."""

import re
from collections.abc import Iterator

from rubrics.sentences import Span, sentences

MAX_POINTS = 10
MAX_WORDS = 25
_LIST_LINES = 4
"""A reference of so many lines is a list: the first sentence of a line is the point, what follows explains it."""
_SHORT_WORDS = 4
"""A line so short says nothing without the heading above it."""
_MARK = re.compile(r"^(?:\s*(?:[-●○•*]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])[.)](?!\d)))+\s*", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc)\.$", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_CHOICE = re.compile(
    rf"\b(?:state|name|list|describe|give|mention)(?: at least)? ([2-9]|1\d|{'|'.join(_COUNTS)})\b(?!-)",
    re.IGNORECASE,
)


def points_of(reference: str) -> list[str]:
    """At most MAX_POINTS points, in order."""
    lines = [(heading, line) for heading, line in _lines(reference)]
    listed = len(lines) >= _LIST_LINES
    points: list[str] = []
    for heading, line in lines:
        said = _sentences(line)
        for sentence in said[:1] if listed else said:
            text = " ".join(sentence.split()[:MAX_WORDS])
            if len(text.split()) < _SHORT_WORDS and heading:
                text = f"{heading}: {text}"
            points.append(text)
    return list(dict.fromkeys(points))[:MAX_POINTS]


def asked_for(question: str, points: int) -> int:
    """How many of the points a full answer makes: all, unless the question leaves a choice ("name at least four")."""
    found = _CHOICE.search(question)
    if found is None:
        return points
    number = found[1].casefold()
    return min(points, _COUNTS.get(number) or int(number))


def _lines(reference: str) -> Iterator[tuple[str, str]]:
    """Each line that is not a heading, with the heading it stands under."""
    heading = ""
    for raw in reference.splitlines():
        line = _MARK.sub("", raw).strip()
        if line.rstrip(": ") and line.endswith(":"):
            heading = line.rstrip(": ")
        elif line:
            yield heading, line


def _sentences(line: str) -> list[str]:
    """The sentences of a line; one that ends in an abbreviation or is a single word is joined to the next."""
    found: list[str] = []
    joins = False
    for span in sentences(line, [Span(0, len(line))]):
        text = span.of(line)
        if joins:
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text)
        joins = _ABBREVIATION.search(text) is not None or len(found[-1].split()) < 2
    return found
