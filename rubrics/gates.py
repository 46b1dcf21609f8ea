"""Cheap, deterministic gates before any model call: what the model may read of an answer, or why it need not.

Words that add nothing are taken out rather than punished: words of the question, words said before, and sentences that
speak to the grader. What is left decides, so that echoing, repeating or begging never raises a level.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubrics.injection import speaks_to_the_grader
from rubrics.sentences import Span, cut, sentences, words

Flag = Literal["empty", "short", "echo", "repetition", "keywords", "injection"]

MIN_WORDS = 12
"""Fewer words than this cannot tell of anything: the floor."""
_RUN_WORDS = 8
"""So many words in the same order as before are a repetition, not a turn of phrase."""
_REPETITION_SHARE = 0.15
_CLAUSE_WORDS = 15
_ECHO_SHARE = 0.8
_ECHO_MAX_WORDS = 60
_MIN_FUNCTION_WORD_SHARE = 0.08
_PUNCTUATION = re.compile(r"[^\w']+")
_FUNCTION_WORD_LIST = (
    "a an the this that these those and or but so because if when while as than then of in on at to for from with by "
    "about into over after before between through up out off down not no yes i you he she it we they me him her us "
    "them my your his its our their mine is are was were be been am do did does done have has had will would can "
    "could should may might must what which who how why where there here just very really all some any more most also "
    "only too i'm it's we're don't didn't that's i've we've wasn't"
)
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())


@dataclass(frozen=True)
class Screened:
    """`readable` holds the sentences that the model may read, in order; empty unless `outcome` is "grade"."""

    outcome: Literal["grade", "floor", "unscored"]
    reason: str | None
    readable: tuple[Span, ...]
    flags: tuple[Flag, ...]


def screen(question: str, answer: str) -> Screened:
    """Decide whether an answer needs the model, and which of its sentences the model reads."""
    if not any(character.isalnum() for character in answer):
        return Screened("unscored", "empty: no words were recorded", (), ("empty",))
    flags: list[Flag] = []
    said = sentences(answer)
    honest = _honest(answer, said)
    if sum(len(s.of(answer)) for s in honest) < sum(len(s.of(answer)) for s in said):
        flags.append("injection")
    readable, echoed, repeated = _new_words(question, answer, honest)
    if echoed:
        flags.append("echo")
    if repeated > _REPETITION_SHARE * len(answer.split()):
        flags.append("repetition")
    floor = _floor(question, [_norm(w.of(answer)) for s in readable for w in words(answer, s)], flags)
    if floor is not None:
        return Screened("floor", floor, (), tuple(dict.fromkeys(flags)))
    return Screened("grade", None, tuple(readable), tuple(dict.fromkeys(flags)))


def _honest(answer: str, said: Sequence[Span]) -> list[Span]:
    """What does not speak to the grader; of a long sentence that does, the clauses that do not."""
    honest: list[Span] = []
    for sentence in said:
        if not speaks_to_the_grader(sentence.of(answer)):
            honest.append(sentence)
            continue
        clauses = cut(answer, sentence, _CLAUSE_WORDS)
        clean = [c for c in clauses if not speaks_to_the_grader(c.of(answer))]
        honest += clean if len(clean) < len(clauses) else []
    return honest


def _new_words(question: str, answer: str, said: Sequence[Span]) -> tuple[list[Span], bool, int]:
    """What of `said` neither the question nor the answer itself held before.

    With it: whether the question was echoed, and how many words were said again.
    """
    asked = [_norm(w) for w in question.split()]
    in_question = set(_runs(asked))
    seen: set[tuple[str, ...]] = set()
    places = [(number, word) for number, s in enumerate(said) for word in words(answer, s)]
    norms = [_norm(word.of(answer)) for _, word in places]
    dropped_until, echo_until, repeated = 0, 0, 0
    kept: list[Span] = []
    last: tuple[int, int] | None = None
    for i, (number, word) in enumerate(places):
        run = tuple(norms[i : i + _RUN_WORDS])
        if run in in_question or run in seen:
            dropped_until = i + _RUN_WORDS
            echo_until = dropped_until if run in in_question else echo_until
        if i >= _RUN_WORDS - 1:
            seen.add(tuple(norms[i - _RUN_WORDS + 1 : i + 1]))
        if i < dropped_until:
            repeated += i >= echo_until
        elif last == (number, i - 1):
            kept[-1] = Span(kept[-1].start, word.end)
            last = (number, i)
        else:
            kept.append(word)
            last = (number, i)
    return kept, echo_until > 0, repeated


def _runs(norms: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(norms[i : i + _RUN_WORDS]) for i in range(len(norms) - _RUN_WORDS + 1)]


def _floor(question: str, left: Sequence[str], flags: list[Flag]) -> str | None:
    """Why what is left cannot rise above the lowest level; None if it may."""
    if len(left) < MIN_WORDS:
        flags.append("short")
        return f"short: {len(left)} words of an answer"
    content = [w for w in left if w not in _FUNCTION_WORDS]
    if len(content) > (1 - _MIN_FUNCTION_WORD_SHARE) * len(left):
        flags.append("keywords")
        return "keywords: a list of words and no sentences"
    asked = {_norm(w) for w in question.split()}
    if len(left) <= _ECHO_MAX_WORDS and sum(w in asked for w in content) > _ECHO_SHARE * len(content):
        flags.append("echo")
        return "echo: the question's own words"
    return None


def _norm(word: str) -> str:
    return _PUNCTUATION.sub("", word).casefold()
