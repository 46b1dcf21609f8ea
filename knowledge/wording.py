"""Whether a question can be asked aloud: short enough, one at a time, with neither praise nor hints."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from knowledge.lawful import risks_of

LONGEST_QUESTION_WORDS = 48
LONGEST_FOLLOW_UP_WORDS = 35
ALIKE = 0.85
"""Share of words in common from which two texts count as the same."""

Fault = tuple[str, str]
"""What is wrong, and how to mend it."""

_ADMIRING = (
    "great|good|nice|excellent|interesting|impressive|perfect|fantastic|"
    "amazing|awesome|wonderful|brilliant|lovely"
)
_PRAISE = re.compile(
    rf"^(?:(?:oh|wow|ok|okay|well|yes|right|so|and)[,.!]? )*(?:{_ADMIRING}|well done)\b(?: \w+){{0,2}}[,.!:;-]"
    rf"|\b(?:{_ADMIRING}) (?:answer|example|point|story|job|work|start|insight|response)\b"
    rf"|\b(?:that|this|it|which)(?:'s| is| was| sounds| seems) (?:(?:a|an|really|very|so|quite|pretty) )*"
    rf"(?:{_ADMIRING})\b(?! enough)"
    r"|\bi (?:really |do )?(?:love|like|appreciate|admire) (?:that|this|how|your|the way)\b|\bwell done\b",
    re.IGNORECASE,
)
_GRADING = re.compile(
    r"\b(?:rubrics?|your (?:score|grade|rating|level|marks?)|scor(?:e|ing) (?:you|your answer)|grad(?:e|ing) you|"
    r"(?:full|extra|more) (?:points|marks)|(?:staff|senior|mid)[- ]level answer|model answer)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(r"\bSTAR\b")
_JUDGEMENTS = {
    "praise": ("praises", "ask without judging what was said"),
    "grading": ("speaks of the grading", "ask about the work, not about how it is graded"),
}


def question_faults(text: str) -> list[Fault]:
    return [*_form_faults(text, LONGEST_QUESTION_WORDS), *_lawful_faults(text)]


def follow_up_faults(text: str, points: Sequence[str]) -> list[Fault]:
    """`points` are the texts that a follow-up must not give away."""
    faults = _form_faults(text, LONGEST_FOLLOW_UP_WORDS)
    faults += [
        (f"{_JUDGEMENTS[kind][0]}: `{words}`", _JUDGEMENTS[kind][1]) for kind, words in judgements(text)
    ]
    if any(word_set(point) <= word_set(text) or alike(point, text) >= ALIKE for point in points):
        faults.append(("gives away a point of the topic", "ask for it without saying it"))
    return [*faults, *_lawful_faults(text)]


def judgements(text: str) -> list[tuple[Literal["praise", "grading"], str]]:
    """Words that judge what was said, and words that speak of how it is judged."""
    praise, grading = _PRAISE.search(text), _GRADING.search(text) or _METHOD.search(text)
    found: list[tuple[Literal["praise", "grading"], str]] = []
    if praise:
        found.append(("praise", praise[0].strip()))
    if grading:
        found.append(("grading", grading[0]))
    return found


def _form_faults(text: str, longest: int) -> list[Fault]:
    faults: list[Fault] = []
    marks, words = text.count("?"), len(text.split())
    if marks != 1:
        fix = "ask one thing" if marks else "end with a question mark"
        faults.append((f"{marks} question marks", fix))
    if words > longest:
        faults.append((f"{words} words are too many to say", f"use at most {longest}"))
    return faults


def _lawful_faults(text: str) -> list[Fault]:
    return [(f"must not be asked: it asks about {risk.about}", risk.instead) for risk in risks_of(text)]


def word_set(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", text.lower().replace("'", "")))


def alike(one: str, other: str) -> float:
    """Share of all their words that two texts have in common, 0-1."""
    mine, yours = word_set(one), word_set(other)
    return len(mine & yours) / max(1, len(mine | yours))


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of texts that say the same, the earlier place first.

    Two word sets that share most of their words share one of their rarest; only such pairs are compared.
    """
    sets = [word_set(text) for text in texts]
    count = Counter(word for words in sets for word in words)
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(sets):
        rarest = sorted(words, key=lambda word: (count[word], word))
        telling = rarest[: len(words) - int(ALIKE * len(words)) + 1]
        earlier = sorted({other for word in telling for other in seen[word]})
        for other in earlier:
            if len(words & sets[other]) >= ALIKE * len(words | sets[other]):
                yield other, place
        for word in telling:
            seen[word].append(place)
