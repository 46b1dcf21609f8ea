"""Whether a text of a script may be said: lawful, one thing at a time, open, easy to follow, and without a hint.

The rules find what people write without thinking. They cannot see a leading question put in other words.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from knowledge.lawful import Risk, read_risks, risks_of
from knowledge.screening.findings import Fault
from knowledge.screening.readability import HARDEST_GRADE, MOST_WORDS, grade, long_words, longest_sentence
from knowledge.wording import judgements, word_set

RISKY = Path(__file__).parent / "risky.yaml"
GIVEN_AWAY = 0.6
"""Share of a probe's telling words that an anchor has and the question has not, from which it gives the answer away."""
FEWEST_TELLING = 3
SAME = 0.7
"""Share of a probe's telling words that are its question's, from which it only asks that again."""
_LEADING = re.compile(
    r"\b(?:do|would|are|is|was|were|did|could|should|wo|ca|have|has)n't (?:you|it|that|this|we|there|they)\b"
    r"|\b(?:isn't it|aren't you|don't you|right|correct|yes|no)\?\s*$"
    r"|\b(?:surely|obviously|clearly|of course|naturally|needless to say|as (?:we|you) (?:all |both )?know)\b"
    r"|\b(?:you (?:would|will|must|do|probably|certainly) (?:agree|admit)|(?:would|do) you agree that)\b"
    r"|\bhow (?:much|strongly) do you (?:love|like|enjoy|agree|admire|support)\b"
    r"|\bwhy (?:is|are|was|were) \w+(?: \w+){0,3} (?:the best|better than|so (?:great|important|good))\b"
    r"|\bwe (?:believe|expect|want|like|value|are looking for)\b[^?]*\?",
    re.IGNORECASE,
)
_ASKS = (
    r"(?:what|how|why|when|where|which|who|whom|tell me|describe|explain"
    r"|(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should)(?:n't)? "
    r"(?:you|it|they|that|there|we|i|your))"
)
_DOUBLE = re.compile(
    rf"(?:,| and| or| as well as)(?: also)?,? (?:please )?{_ASKS}\b(?! (?:else|not)\b)", re.IGNORECASE
)
_BEGINS_ASKING = re.compile(rf"\b(?:please )?{_ASKS}\b", re.IGNORECASE)
_NOT_A_SECOND = re.compile(
    r"\b(?:know|knew|see|saw|show|say|said|decide|decided|explain|understand|learn|find|found|check|settle)\b[^,?]*"
    r"(?:,| and| or) (?:what|how|why|when|where|which|who)\b",
    re.IGNORECASE,
)
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
    if found := _LEADING.search(text):
        yield Fault(
            "leading",
            f"leads to an answer: `{found[0].strip()}`",
            "ask so that every answer is as welcome as any other",
            _neutral(text),
        )
    if second := _second_question(text):
        first = (
            text[: text.index(second)].rstrip(" ,").removesuffix(" and").removesuffix(" or").rstrip(" ,.?")
        )
        yield Fault(
            "double",
            f"asks two things at once: `{second.strip()}` is another question",
            "ask one thing, and make the other a probe",
            f"{first}{'?' if _is_question(first) else '.'}",
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


def _second_question(text: str) -> str | None:
    """The words from which a second question begins."""
    _, mark, rest = text.partition("?")
    if mark and "?" in rest:
        return rest.strip()
    asking = _BEGINS_ASKING.search(text)
    if asking is None or _NOT_A_SECOND.search(text):
        return None
    found = _DOUBLE.search(text, asking.end())
    return text[found.start() :].lstrip(", ") if found else None


def _is_question(text: str) -> bool:
    return not re.match(
        r"(?:please |and )?(?:tell|describe|explain|walk|give|take)\b", text.strip(), re.IGNORECASE
    )


def _neutral(text: str) -> str:
    """The question without its lead, as far as that can be done by rule."""
    bare = re.sub(
        r"(?:,? (?:isn't it|aren't you|don't you|right|correct|yes|no))\?\s*$"
        r"|\b(?:surely|obviously|clearly|of course|naturally|needless to say),? ?"
        r"|^(?:as (?:we|you) (?:all |both )?know),? ?",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    ).strip(" ?.,")
    about = re.sub(
        r"^(?:do|would|are|is|did|could|should)n't (?:you|it|that) (?:think|agree|say|feel)?(?: that)? ?"
        r"|^(?:would|do) you (?:not )?agree that ?",
        "",
        bare,
        flags=re.IGNORECASE,
    )
    return f"What do you think about this: {about[:1].lower()}{about[1:]}?"


def _telling(text: str) -> frozenset[str]:
    """Beginnings of the words that carry meaning."""
    return frozenset(word[:5] for word in word_set(text) if word not in _EMPTY and len(word) > 2)
