"""Whether a text of a script may be said: lawful, one thing at a time, open, easy to follow, and without a hint.

Which questions lead, and which are two, is in `knowledge.screening.asking`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from knowledge.lawful import Risk, read_risks, risks_of
from knowledge.screening.asking import first_question, leading_words, neutral, second_question
from knowledge.screening.findings import Fault
from knowledge.screening.readability import HARDEST_GRADE, MOST_WORDS, grade, long_words, longest_sentence
from knowledge.wording import judgements, word_set

RISKY = Path(__file__).parent / "risky.yaml"
GIVEN_AWAY = 0.6
"""Share of a probe's telling words that an anchor has and the question has not, from which it gives the answer away."""
FEWEST_TELLING = 3
SAME = 0.7
"""Share of a probe's telling words that are its question's, from which it only asks that again."""
_CLOSED = re.compile(
    r"^(?:and |so |well, )?"
    r"(?:do|does|did|are|is|was|were|have|has|had|can you (?!please |tell|describe|walk|explain|give"
    r"|take|share|talk)|could you (?!please |tell|describe|walk|explain|give|take|share|talk)|will|would) ?\w+",
    re.IGNORECASE,
)
_EMPTY_LIST = (
    "a an the and or of to in on at for with by from as that this these those it its they them their he she his her "
    "you your i my we our was were is are be been do did does done have has had what which who how why when where one "
    "any some no not so than then if about into out up over own part work candidate answer told tell only more most "
    "can could would will there here because"
)
_EMPTY = frozenset(_EMPTY_LIST.split())


def spoken_faults(text: str) -> Iterator[Fault]:
    """Of anything that is said to a candidate."""
    yield from lawful_faults(text)
    longest = longest_sentence(text)
    if len(longest.split()) > MOST_WORDS:
        cut = " ".join(longest.split()[:14])
        yield Fault(
            "reading",
            f"a sentence of {len(longest.split())} words cannot be followed by ear",
            f"use at most {MOST_WORDS} words in a sentence",
            f"end a sentence after `{cut} ...`, and begin another one",
        )
    elif (years := grade(text)) > HARDEST_GRADE:
        words = ", ".join(f"`{word}`" for word in long_words(text)[:3])
        yield Fault(
            "reading",
            f"hard to follow by ear: it takes about {years:.0f} years of school",
            "use shorter sentences and plainer words",
            f"say it without {words}" if words else "cut it into two sentences",
        )


def asked_faults(text: str) -> Iterator[Fault]:
    """Of anything that asks: questions, probes and knock-outs."""
    yield from spoken_faults(text)
    if lead := leading_words(text):
        yield Fault(
            "leading",
            f"leads to an answer: `{lead}`",
            "ask so that every answer is as welcome as any other",
            neutral(text),
        )
    if second := second_question(text):
        yield Fault(
            "double",
            f"asks two things at once: `{second.strip()}` is another question",
            "ask one thing, and make the other a probe",
            first_question(text, second),
        )
    for kind, words in judgements(text):
        yield Fault(
            kind,
            f"{'praises' if kind == 'praise' else 'speaks of the grading'}: `{words}`",
            "ask without judging, and about the work",
            "(leave these words out)",
        )


def question_faults(text: str) -> Iterator[Fault]:
    """Of a core question."""
    yield from asked_faults(text)
    if found := _CLOSED.match(text.strip()):
        rest = text.strip().rstrip("?")[len(found[0]) :].strip()
        yield Fault(
            "closed",
            "can be answered with yes or no, which shows nothing",
            "ask for a case, or what somebody did",
            f"Tell me about a time when you ... {rest}",
        )


def probe_faults(probe: str, question: str, hidden: Sequence[str]) -> Iterator[Fault]:
    """Of a probe to `question`. `hidden` are the anchors and the evidence, which it must not say."""
    yield from asked_faults(probe)
    told = _telling(probe) - _telling(question)
    for text in hidden:
        shared = told & _telling(text)
        if len(shared) >= FEWEST_TELLING and len(shared) >= GIVEN_AWAY * len(told):
            yield Fault(
                "gives-away",
                f"gives the answer away: {', '.join(sorted(shared))} stand in what a strong answer has",
                "ask for more without saying what is wanted",
                "What did you do yourself?  or  What came of it?",
            )
            break
    shared = _telling(probe) & _telling(question)
    if len(shared) >= FEWEST_TELLING and len(shared) >= SAME * len(_telling(probe)):
        yield Fault("repeated", "says the question again", "ask for what may be missing", "What came of it?")


def lawful_faults(text: str) -> Iterator[Fault]:
    for risk in risks_of(text):
        yield Fault("unlawful", f"must not be asked: it is about {risk.about}", risk.instead, risk.better)
    for risk in risky(text):
        yield Fault("risky", f"it is about {risk.about}", risk.instead, risk.better)


def risky(text: str) -> list[Risk]:
    plain = " ".join(text.replace("’", "'").split())
    return [risk for risk, pattern in _risky() if pattern.search(plain)]


@cache
def _risky() -> list[tuple[Risk, re.Pattern[str]]]:
    return read_risks(RISKY)


def _telling(text: str) -> frozenset[str]:
    """Beginnings of the words that carry meaning."""
    return frozenset(word[:5] for word in word_set(text) if word not in _EMPTY and len(word) > 2)
