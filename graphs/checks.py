"""What a follow-up worded by the model must hold, checked in code. One fault, and the hand-written one is asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from graphs.evidence import row_evidence
from graphs.lines import word_pattern, word_set
from graphs.questions import alike

MOST_WORDS = 35
LEAST_WORDS = 5
ASKED_BEFORE = 0.7
"""Share of words in common with an earlier line of the interviewer."""
LEAKED_WORDS = 2
"""So many words of the material that nobody has said yet count as a leak; a term of the topic counts at once."""

Fault = Literal[
    "not one question",
    "too long",
    "too short",
    "praise",
    "judgement",
    "names the grading",
    "leaks the material",
    "not about what was said",
    "asked before",
    "not speech",
]
_SAYS_STAR = re.compile(r"\bSTAR\b")
_NOT_SPEECH = re.compile(r"[*_#<>{}\[\]|`\\\n]|https?:|\w+:\s|^\W*(?:sure|certainly|here(?:'s| is))\b", re.I)


@dataclass(frozen=True)
class Context:
    """What a follow-up is held against."""

    said: str
    """The candidate's words in this interview."""
    question: str
    by_hand: str
    """The hand-written follow-up: its words are no leak."""
    asked: Sequence[str]
    """What the interviewer has said so far."""
    material: Sequence[str]
    """The topic's points, and everything else that must not be given away."""
    terms: Sequence[str]
    """Technical terms of the topic."""
    ordinary: frozenset[str]
    """Stems of words that interviewers use anyway."""


def faults(text: str, context: Context, *, about_said: bool = True) -> list[Fault]:
    """Every rule that `text` breaks."""
    words = text.split()
    known = stems(f"{context.said} {context.question} {context.by_hand}")
    tests: list[tuple[Fault, bool]] = [
        ("not one question", text.count("?") != 1 or not text.endswith("?")),
        ("too long", len(words) > MOST_WORDS),
        ("too short", len(words) < LEAST_WORDS),
        ("praise", bool(word_pattern("praise").search(text))),
        ("judgement", bool(word_pattern("judgement").search(text))),
        ("names the grading", _names_grading(text, known)),
        ("leaks the material", _leaks(text, context, known)),
        ("not about what was said", about_said and not _about(text, context)),
        ("asked before", any(alike(text, line) >= ASKED_BEFORE for line in context.asked)),
        ("not speech", bool(_NOT_SPEECH.search(text)) or not text.isascii()),
    ]
    return [fault for fault, broken in tests if broken]


def clean(reply: str) -> str:
    """The first line of a model's reply, without quotation marks or a speaker's name."""
    line = next((part.strip() for part in reply.splitlines() if part.strip()), "")
    line = re.sub(
        r"^(?:interviewer|follow[- ]?up(?: question)?|question|output|answer)\s*:\s*", "", line, flags=re.I
    )
    line = line.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "-").replace("—", ",")
    return line.strip().strip('"').strip()


def stems(text: str) -> set[str]:
    """Words without their commonest endings, so that `monitored` is `monitoring`."""
    return {_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower())}


def ordinary_words(texts: Iterable[str], least: int = 6) -> frozenset[str]:
    """Stems that occur in at least so many of the hand-written questions and follow-ups."""
    counts: dict[str, int] = {}
    for text in texts:
        for stem in stems(text):
            counts[stem] = counts.get(stem, 0) + 1
    return frozenset(stem for stem, count in counts.items() if count >= least)


def _names_grading(text: str, known: set[str]) -> bool:
    rows = {_stem(row.partition(".")[2]) for row in row_evidence()}
    return bool(
        word_pattern("grading").search(text) or _SAYS_STAR.search(text) or (stems(text) & rows) - known
    )


def _leaks(text: str, context: Context, known: set[str]) -> bool:
    unsaid = stems(text) - known
    if any(s.isdigit() for s in unsaid):
        return True
    fresh = {s for s in unsaid if s not in context.ordinary and len(s) > 2}
    terms = {s for term in context.terms for s in stems(term)}
    material = {s for line in context.material for s in stems(line)}
    return bool(fresh & terms) or len(fresh & material) >= LEAKED_WORDS


def _about(text: str, context: Context) -> bool:
    """Whether it takes up a word of the candidate's that the question had not brought up itself."""
    theirs = {w for w in re.findall(r"[a-z0-9]+", context.said.lower()) if len(w) > 3}
    own = stems(context.question) | stems(context.by_hand)
    mine = {_stem(w) for w in theirs - word_set("function_words")} - own
    return bool(stems(text) & mine)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
