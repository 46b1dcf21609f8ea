"""When was it said? Finds the second of any character of a transcript, and the words that were hard to hear.

The text of a turn and its recognised words need not be the same: a turn can be amended, joined or tidied. They are
aligned word by word; what has no counterpart gets a time in between.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from agent.voice.words import SpokenTurn, Word
from graphs.models import Answer, Turn

DOUBTFUL_BELOW = 0.5
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class Token:
    """A word of a turn's text: where it stands, when it was said, and how sure the recogniser was.

    `p` is None where the recogniser heard no such word.
    """

    start: int
    end: int
    at_s: float
    until_s: float
    p: float | None


@dataclass(frozen=True)
class Part:
    """Where the words of one turn stand in an answer's text."""

    turn: str
    start: int
    end: int


class Hearing:
    """The times of a session's words. Knows nothing of turns that were typed."""

    def __init__(self, spoken: Sequence[SpokenTurn], turns: Sequence[Turn]) -> None:
        self._spoken = _joined(spoken, {t.id for t in turns})
        self._tokens = {t.id: align(t.text, self._spoken[t.id]) for t in turns if t.id in self._spoken}

    def span(self, turn: str) -> tuple[float, float] | None:
        """From the first to the last sound of a turn."""
        if turn not in self._spoken:
            return None
        lines = self._spoken[turn]
        return min(line.start_s for line in lines), max(line.end_s for line in lines)

    def words(self, turn: str) -> list[Word]:
        return [word for line in self._spoken.get(turn, []) for word in line.words]

    def at_s(self, turn: str, offset: int) -> float | None:
        """When the word at that character, or the next one, begins."""
        tokens = self._tokens.get(turn)
        if not tokens:
            span = self.span(turn)
            return round(span[0], 2) if span else None
        found = bisect_right([t.end for t in tokens], offset)
        return round(tokens[min(found, len(tokens) - 1)].at_s, 2)

    def doubtful(self, turn: str) -> list[tuple[int, int]]:
        """Offsets of the words that were heard with less than `DOUBTFUL_BELOW`."""
        return [
            (t.start, t.end) for t in self._tokens.get(turn, []) if t.p is not None and t.p < DOUBTFUL_BELOW
        ]


def align(text: str, spoken: Sequence[SpokenTurn]) -> list[Token]:
    """Each word of `text` with the time of the word recognised in its place."""
    places = [(m.start(), m.end(), m.group().casefold()) for m in _TOKEN.finditer(text)]
    heard = [
        (m.group().casefold(), word)
        for line in spoken
        for word in line.words
        for m in _TOKEN.finditer(word.text)
    ]
    if not places:
        return []
    matcher = SequenceMatcher(None, [p[2] for p in places], [h[0] for h in heard], autojunk=False)
    met: dict[int, Word] = {
        block.a + i: heard[block.b + i][1]
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }
    begin_s, end_s = min(line.start_s for line in spoken), max(line.end_s for line in spoken)
    known = sorted(met)
    at = [-1.0, *map(float, known), float(len(places))]
    starts = np.interp(range(len(places)), at, [begin_s, *(met[i].start_s for i in known), end_s])
    ends = np.interp(range(len(places)), at, [begin_s, *(met[i].end_s for i in known), end_s])
    return [
        Token(start, end, float(starts[i]), float(ends[i]), met[i].p if i in met else None)
        for i, (start, end, _) in enumerate(places)
    ]


def parts_of(answer: Answer, texts: Mapping[str, str]) -> list[Part]:
    """Where each turn of an answer stands in its text; turns that cannot be found in it, in order, are left out."""
    parts = []
    begin = 0
    for turn in answer.parts:
        text = texts.get(turn, "")
        found = answer.text.find(text, begin) if text else -1
        if found >= 0:
            begin = found + len(text)
            parts.append(Part(turn, found, begin))
    return parts


def _joined(spoken: Sequence[SpokenTurn], known: set[str]) -> dict[str, list[SpokenTurn]]:
    """The lines of each turn. What a candidate added to an earlier turn has an id of its own: it goes to that turn."""
    lines: dict[str, list[SpokenTurn]] = {}
    last: str | None = None
    for line in spoken:
        if line.typed:
            continue
        if line.turn in known:
            owner: str | None = line.turn
            last = line.turn if line.speaker == "candidate" else last
        else:
            owner = last if line.speaker == "candidate" else None
        if owner is not None:
            lines.setdefault(owner, []).append(line)
    return lines
