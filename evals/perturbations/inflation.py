"""Must not rise: more words that say no more."""

from collections.abc import Sequence
from random import Random

from evals.perturbations.lexicon import additions
from evals.perturbations.models import Generator, rewriting
from evals.perturbations.text import with_sentences

_PADDING = 4
_ASIDES = 3


def padded(text: str, random: Random) -> str:
    return _with(text, additions().padding, _PADDING, random)


def duplicated(text: str, _: Random) -> str:
    return f"{text} {text}"


def strayed(text: str, random: Random) -> str:
    return _with(text, additions().off_topic, _ASIDES, random)


def buzzwords(text: str, random: Random) -> str:
    return _with(text, additions().buzzwords, _ASIDES, random)


def praised(text: str, random: Random) -> str:
    return _with(text, additions().self_praise, _ASIDES, random)


def authorised(text: str, random: Random) -> str:
    return _with(text, additions().authority, _ASIDES, random)


def _with(text: str, sentences: Sequence[str], number: int, random: Random) -> str:
    return with_sentences(text, random.sample(sentences, number), random)


GENERATORS: list[Generator] = [
    rewriting("empty eloquence", "no-rise", padded),
    rewriting("said twice", "no-rise", duplicated),
    rewriting("off-topic asides", "no-rise", strayed),
    rewriting("buzzwords", "no-rise", buzzwords),
    rewriting("self-praise", "no-rise", praised),
    rewriting("fake authority", "no-rise", authorised),
]
