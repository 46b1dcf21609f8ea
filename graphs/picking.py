"""Finds the things that a candidate named (`the stone oven`, `two databases`), for a follow-up to pick one of them up.

Only phrases that stand in the answer word for word, between words that cannot belong to them: no parser is needed, and
what the model chooses among is always the candidate's own.
"""

import re

from graphs.checks import stems
from graphs.lines import word_set

MOST_PHRASES = 6
MOST_WORDS = 3
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*|[.,;:?!]")


def things_named(said: str, known: str) -> list[str]:
    """The most telling phrases of `said`, in the order in which they came; none whose words are all in `known`."""
    tokens, found = _TOKEN.findall(said), []
    taken = stems(known)
    for start, token in enumerate(tokens):
        if token.lower() not in word_set("openers"):
            continue
        words = _until_closed(tokens[start + 1 : start + 2 + MOST_WORDS])
        if words and _is_name(words) and not stems(" ".join(words)) <= taken:
            found.append(_towards_candidate(token, words))
    every = list(dict.fromkeys(found))
    longest = sorted(every, key=lambda phrase: -len(phrase.split()))[:MOST_PHRASES]
    return [phrase for phrase in every if phrase in longest]


def _until_closed(tokens: list[str]) -> list[str]:
    """The words before one that cannot belong to the name; none where it never ends within reach."""
    for number, token in enumerate(tokens):
        if not token[0].isalnum() or token.lower() in word_set("closers"):
            return tokens[:number]
    return []


def _is_name(words: list[str]) -> bool:
    last = words[-1].lower()
    told = not word_set("vague_picks").issuperset(word.lower() for word in words)
    verbal = last in word_set("not_names") or (last.endswith(("ed", "ly")) and len(last) > 4)
    # nobody puts an article before a name: "I met her Daniel" was misheard
    misheard = len(words) == 1 and words[0].istitle()
    return told and not verbal and not misheard and any(len(word) > 3 for word in words)


def _towards_candidate(opener: str, words: list[str]) -> str:
    own = {"my": "your", "our": "your"}.get(opener.lower(), opener.lower())
    return " ".join([own, *words])
