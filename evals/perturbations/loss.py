"""Must fall: something that the level stood on is taken away.

A change applies only where there was something to lose: by the gold, where somebody rated the row, and by the grade.
"""

import re
from collections.abc import Mapping
from random import Random

from evals.datasets import OVERALL
from evals.perturbations.models import Change, Generator, Subject
from evals.perturbations.text import replaced, sentences_of

RESULT: Mapping[str, tuple[str, ...]] = {"star": ("result",), "staff": ("impact",)}
"""Rows by rubric whose anchors ask for an outcome,"""
OWN: Mapping[str, tuple[str, ...]] = {"star": ("task", "action"), "staff": ("ownership",)}
"""for what the candidate did, not the team,"""
FIGURES: Mapping[str, tuple[str, ...]] = {"star": ("result",), "staff": ("scale", "impact")}
"""and, from level 4 on, for figures."""
_SHOWN, _WITH_FIGURES = 3.0, 4.0
_ROOM = 0.5
"""A row of the grade below 1.5 has nothing to lose."""
_LEAST_WORDS_LEFT = 25
_OUTCOME = re.compile(
    r"\b(?:results?|outcome|in the end|ended up|went (?:up|down|from|live)|(?:came|come) (?:down|out|in)|"
    r"fell(?! over| back)|(?:dropped|finished) (?:from|by|to|at|plus|minus)|rose|grew|improved|increased|decreased|"
    r"reduced|saved|halved|doubled|gained|shipped|since then|afterwards|percent|per cent|points?|"
    r"(?:plus|minus) \d|from \d[\d.,]* to|\d+ (?:in|out of|of) \d|randomi[sz]ed|holdouts?|holdback|"
    r"a/b|incremental(?:ly)?)\b|\d%",
    re.IGNORECASE,
)
_WE = [
    (r"\bI'm\b", "we're"), (r"\bI am\b", "we are"), (r"\bI was\b", "we were"), (r"\bI've\b", "we've"),
    (r"\bI'd\b", "we'd"), (r"\bI'll\b", "we'll"), (r"\bI\b", "we"), (r"\bmyself\b", "ourselves"),
    (r"\bmine\b", "ours"), (r"\bmy\b", "our"), (r"\bme\b", "us"),
]  # fmt: skip
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|halved|"
    "double|doubled|twice|tripled?|zero|dozen"
)
_FIGURE = re.compile(
    rf"(?:\b(?:plus|minus)\s+)?[$€£+-]?\b(?:p?\d[\w.,]*\w|\d|(?:{_NUMBER_WORDS})\b)%?"
    rf"(?:[\s-]+(?:{_NUMBER_WORDS}|percent|per cent|point|points)\b)*",
    re.IGNORECASE,
)
_LEAST_FIGURES = 2
_LEAST_SENTENCES = 4


def without_result(subject: Subject, _: Random) -> Change | None:
    """Without the sentences that the grade quotes for the row, and without those that sound like an outcome."""
    rows = _losable(subject, RESULT, _SHOWN)
    quotes = [e.quote for row in rows for e in subject.grade.rows[row].evidence]
    whole = sentences_of(subject.text)
    left = [s for s in whole if not _OUTCOME.search(s) and not any(q in s or s in q for q in quotes)]
    text = " ".join(left)
    if not rows or len(left) == len(whole) or len(text.split()) < _LEAST_WORDS_LEFT:
        return None
    return Change(text, rows=rows)


def we_only(subject: Subject, _: Random) -> Change | None:
    rows = _losable(subject, OWN, _SHOWN)
    text = in_the_plural(subject.text)
    return Change(text, rows=rows) if rows and text != subject.text else None


def in_the_plural(text: str) -> str:
    """ "We" for "I"; the capital of "I" says nothing, so only that of a beginning is kept."""
    small = re.sub(r"(?<![.?!] )(?<!^)\bI(?=\b)", "i", text)
    return replaced(small, _WE)


def without_figures(subject: Subject, _: Random) -> Change | None:
    rows = _losable(subject, FIGURES, _WITH_FIGURES)
    if not rows or len(_FIGURE.findall(subject.text)) < _LEAST_FIGURES:
        return None
    return Change(vague(subject.text), rows=rows)


def vague(text: str) -> str:
    """ "Some" for every figure."""
    return _FIGURE.sub("some", text)


def for_another_question(subject: Subject, random: Random) -> Change | None:
    """The answer as it is, to a question of another topic."""
    questions = sorted({other.question for other in subject.others if other.topic != subject.item.topic})
    if not questions or not _losable(subject, {subject.item.rubric: (OVERALL,)}, _SHOWN):
        return None
    return Change(subject.text, question=random.choice(questions))


def shuffled(subject: Subject, random: Random) -> Change | None:
    whole = sentences_of(subject.text)
    if len(whole) < _LEAST_SENTENCES:
        return None
    mixed = random.sample(whole, len(whole))
    return Change(" ".join(mixed)) if mixed != whole else None


def _losable(subject: Subject, by_rubric: Mapping[str, tuple[str, ...]], least: float) -> tuple[str, ...]:
    rows = by_rubric.get(subject.item.rubric, ())
    return tuple(row for row in rows if _has(subject, row, least))


def _has(subject: Subject, row: str, least: float) -> bool:
    target = subject.item.target(row)
    graded = subject.grade.overall if row == OVERALL else subject.grade.rows.get(row)
    level = graded.level if graded is not None else None
    return (target is None or target >= least) and level is not None and level >= 1 + _ROOM


SHUFFLED = "sentences shuffled"
RESULT_DELETED = "result deleted"
GENERATORS: list[Generator] = [
    Generator(RESULT_DELETED, "fall", without_result),
    Generator("we for I", "fall", we_only),
    Generator("figures deleted", "fall", without_figures),
    Generator("to another question", "fall", for_another_question),
    Generator(SHUFFLED, "fall", shuffled),
]
