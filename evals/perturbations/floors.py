"""At the floor: what is no answer at all."""

import re
from collections.abc import Callable
from random import Random

from evals.perturbations.lexicon import additions
from evals.perturbations.models import Change, Generator, Subject

_SYLLABLES = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "k", "s")]
_KEYWORDS = 20
_NONSENSE_WORDS = 45


def gibberish(random: Random) -> str:
    """Words that do not exist, with full stops."""
    words = ["".join(random.choices(_SYLLABLES, k=random.randint(2, 3))) for _ in range(_NONSENSE_WORDS)]
    rows = [words[i : i + 9] for i in range(0, len(words), 9)]
    return " ".join(f"{' '.join(row).capitalize()}." for row in rows)


def keyword_list(question: str, random: Random) -> str:
    asked = [word for word in re.findall(r"[A-Za-z]{6,}", question) if word.islower()]
    words = [*random.sample(additions().keywords, _KEYWORDS), *asked]
    random.shuffle(words)
    return ", ".join(words) + "."


def echo(question: str) -> str:
    return f"So the question is this. {question} Yes, that is the question. {question}"


def _said(name: str, say: Callable[[str, Random], str]) -> Generator:
    def make(subject: Subject, random: Random) -> Change:
        return Change(say(subject.item.question, random))

    return Generator(name, "floor", make)


GENERATORS: list[Generator] = [
    _said("silence", lambda _, random: ""),
    _said("I don't know", lambda _, random: random.choice(additions().dont_know)),
    _said("I don't know, at length", lambda _, random: random.choice(additions().dont_know_at_length)),
    _said("the question echoed", lambda question, _: echo(question)),
    _said("keywords", keyword_list),
    _said("gibberish", lambda _, random: gibberish(random)),
    _said("one word", lambda _, random: random.choice(additions().one_word)),
]
