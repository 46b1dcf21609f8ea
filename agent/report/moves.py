"""The biggest moves: which row of which answer has most to gain, and the same answer told better.

A better answer is composed of sentences the candidate said, in the rubric's order, with named gaps where something is
missing. Code puts it together and no model has a hand in it, so that it cannot hold a fact nobody said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.report.drills import drill_for
from agent.report.levels import nearest, target, word
from agent.report.material import Material
from agent.report.models import AnswerReport, Level, Move, Piece, Quote, RowResult
from knowledge.models import QuestionBank

MOST_MOVES = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_REFERENCE = re.compile(r"^as \d,?\s+(?:plus\s+|with\s+|and\s+)?", re.IGNORECASE)
_LONGEST_SENTENCE_WORDS = 45


@dataclass(frozen=True)
class _Chance:
    answer: AnswerReport
    row: RowResult
    level: Level
    reached: bool
    """The role asks for no more."""


def biggest_moves(answers: Sequence[AnswerReport], material: Material) -> list[Move]:
    """At most three: rows below the role's level before others, different rows and answers before the same again.

    The lowest upper end of an interval comes first, so that what is surely missing precedes what may be.
    """
    rubrics, role_level = material.library.rubrics, material.library.guide.level
    chances = [
        _Chance(
            answer,
            row,
            row.level,
            reached=nearest(row.level.level) >= target(rubrics[row.rubric], role_level),
        )
        for answer in answers
        for row in answer.rows
        if row.level is not None and row.next_anchor is not None
    ]
    chances.sort(key=lambda c: (c.level.high, c.level.level, c.answer.number))
    moves: list[Move] = []
    for chance in _spread_out(chances):
        told = any(move.answer == chance.answer.id for move in moves)
        moves.append(_move(chance, material, told_before=told))
    return moves


def _spread_out(chances: Sequence[_Chance]) -> list[_Chance]:
    """A greedy choice that repeats a row or an answer only where nothing else is left."""
    chosen: list[_Chance] = []
    left = list(chances)
    while left and len(chosen) < MOST_MOVES:
        rows = {(c.row.rubric, c.row.row) for c in chosen}
        answers = {c.answer.id for c in chosen}
        best = min(
            left,
            key=lambda c: (
                c.reached,
                (c.row.rubric, c.row.row) in rows,
                c.answer.id in answers,
                left.index(c),
            ),
        )
        chosen.append(best)
        left.remove(best)
    return chosen


def _move(chance: _Chance, material: Material, *, told_before: bool) -> Move:
    answer, row = chance.answer, chance.row
    rubric = material.library.rubrics[row.rubric]
    asked = target(rubric, material.library.guide.level)
    bank = material.library.banks.get(answer.topic)
    text = next(a.text for a in material.view.answers if a.id == answer.id)
    return Move(
        answer=answer.id,
        number=answer.number,
        stage=answer.stage,
        question_text=answer.question_text,
        rubric=row.rubric,
        row=row.row,
        title=row.title,
        level=chance.level,
        quote=max(row.quotes, key=lambda q: len(q.text), default=None),
        next_level=row.next_level or 5,
        next_word=word(rubric, row.next_level or 5),
        next_anchor=row.next_anchor or "",
        role_level=asked if row.role_anchor else None,
        role_word=word(rubric, asked) if row.role_anchor else None,
        role_anchor=row.role_anchor,
        better=better_answer(text, [row] if told_before else answer.rows, row),
        drill=drill_for(f"{row.rubric}.{row.row}", row.title, row.next_anchor or ""),
        practise=_follow_ups(bank, answer.question, f"{row.rubric}.{row.row}"),
    )


def better_answer(text: str, rows: Sequence[RowResult], wanted: RowResult) -> list[Piece]:
    """The sentences cited for each row, in the rubric's order, each told once; and where something is to be added."""
    pieces: list[Piece] = []
    told: dict[tuple[int, int], int] = {}
    for row in rows:
        for span, quote in _sentences(text, row.quotes):
            if span in told:
                _add_title(pieces, told[span], row.title)
            else:
                told[span] = len(pieces)
                pieces.append(Piece(titles=[row.title], quote=text[slice(*span)], at_s=quote.at_s, add=None))
        lacking = row.level is not None and not row.quotes
        wanting = row.role_anchor or row.next_anchor
        if wanting and (lacking or (row.rubric, row.row) == (wanted.rubric, wanted.row)):
            add = _without_reference(wanting)
            pieces.append(Piece(titles=[row.title], quote=None, at_s=None, add=add))
    return pieces


def _without_reference(anchor: str) -> str:
    """An anchor that begins with "as 4, plus" names what comes on top of level 4: that is what to add."""
    return _REFERENCE.sub("", anchor)


def _add_title(pieces: list[Piece], index: int, title: str) -> None:
    old = pieces[index]
    if title not in old.titles:
        pieces[index] = old.model_copy(update={"titles": [*old.titles, title]})


def _sentences(text: str, quotes: Sequence[Quote]) -> list[tuple[tuple[int, int], Quote]]:
    """The sentence around each quote, once; a quote that spans several or lies in an endless one stays as it is."""
    ends = [0, *(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]
    found: dict[tuple[int, int], Quote] = {}
    for quote in quotes:
        start = max(e for e in ends if e <= quote.start)
        end = min(e for e in ends if e >= quote.end)
        while end > start and text[end - 1].isspace():
            end -= 1
        if len(text[start:end].split()) > _LONGEST_SENTENCE_WORDS:
            start, end = quote.start, quote.end
        found.setdefault((start, end), quote)
    return sorted(found.items(), key=lambda item: item[0])


def _follow_ups(bank: QuestionBank | None, question: str, row: str) -> list[str]:
    if bank is None:
        return []
    short = question.partition("/")[2]
    return next((q.follow_ups.get(row, [])[:2] for q in bank.questions if q.id == short), [])
