"""How hard a text is to follow by ear: long sentences and long words. A rough measure, for English only."""

import re

MOST_WORDS = 32
"""In one sentence; listeners cannot look back."""
HARDEST_GRADE = 13.0
"""Flesch-Kincaid grade, about the years of school that a text takes."""
FEWEST_WORDS = 8
"""A shorter text is easy whatever its words."""
_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[a-z']+")


def longest_sentence(text: str) -> str:
    return max(re.split(r"(?<=[.?!:;])\s+", text.strip()), key=lambda part: len(part.split()))


def grade(text: str) -> float:
    """Flesch-Kincaid: `0.39 words/sentences + 11.8 syllables/words - 15.59`."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return 0.0
    sentences = max(1, len(re.findall(r"[.?!:;]+(?=\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def long_words(text: str) -> list[str]:
    """The words of four syllables and more, longest first."""
    words = {word for word in _WORD.findall(text.lower()) if _syllables(word) > 3}
    return sorted(words, key=lambda word: (-len(word), word))


def _syllables(word: str) -> int:
    silent = word.endswith("e") and not word.endswith("le")
    return max(1, len(_VOWELS.findall(word)) - silent)
