"""Must not move: how an answer sounds, and how speech recognition writes it down."""

import re
from collections import defaultdict
from functools import lru_cache
from random import Random

from evals.datasets import load_gold
from evals.perturbations.lexicon import speech
from evals.perturbations.models import Generator, rewriting
from evals.perturbations.text import core, in_case_of, replaced

_FILLER_SHARE = 0.12
_PUNCTUATION = re.compile(
    r"(?<!\d)[.,:](?!\d)|(?<=\d)[.,:](?!\d)|(?<!\d)[.,:](?=\d)|[;?!\"“”()\[\]…]|-(?!\d)"
)
_KINDS, _KIND_WEIGHTS = ("substituted", "deleted", "inserted"), (60, 25, 15)
_SOUNDS = (
    (r"ph", "f"), (r"gh", ""), (r"ck|[cqg]", "k"), (r"^kn", "n"), (r"^wr", "r"), (r"tch|ch|sh|j", "x"), (r"th", "t"),
    (r"[pb]", "b"), (r"[fv]", "f"), (r"[td]", "t"), (r"[sz]", "s"), (r"[mn]", "n"), (r"[aeiouyhw']", ""),
)  # fmt: skip


def fillers(text: str, random: Random) -> str:
    """A filler before about every eighth word, at least one."""
    words = text.split()
    number = max(1, round(_FILLER_SHARE * len(words)))
    for place in sorted(random.sample(range(len(words)), min(number, len(words))), reverse=True):
        words.insert(place, random.choice(speech().fillers))
    return " ".join(words)


def bare(text: str, _: Random) -> str:
    """Lower case, no punctuation; points and commas inside numbers stay."""
    return " ".join(_PUNCTUATION.sub(" ", text.casefold()).split())


def homophones(text: str, _: Random) -> str:
    return replaced(text, [(rf"\b{pattern}\b", heard) for pattern, heard in speech().homophones])


def misheard(share: float, text: str, random: Random) -> str:
    """`share` of the words substituted by words that sound alike, deleted, or with a word put in behind them."""
    words = text.split()
    places = random.sample(range(len(words)), round(share * len(words)))
    kinds = random.choices(_KINDS, _KIND_WEIGHTS, k=len(places))
    for place, kind in sorted(zip(places, kinds, strict=True), reverse=True):
        if kind == "inserted":
            words.insert(place + 1, random.choice(speech().inserted))
            continue
        heard = sounding_like(words[place], random) if kind == "substituted" else None
        words[place : place + 1] = [] if heard is None else [heard]
    return " ".join(words)


def sounding_like(word: str, random: Random) -> str | None:
    """Another word with the same consonants; None where there is none."""
    before, inner, behind = core(word)
    alike = [other for other in _vocabulary()[_sound(inner)] if other != inner.casefold()]
    return before + in_case_of(inner, random.choice(alike)) + behind if alike else None


@lru_cache
def _vocabulary() -> dict[str, list[str]]:
    """The words of the authored answers by how they sound."""
    words = {core(word)[1].casefold() for item in load_gold() for word in item.answer.split()}
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word in sorted(word for word in words if re.fullmatch(r"[a-z']+", word)):
        by_sound[_sound(word)].append(word)
    return by_sound


def _sound(word: str) -> str:
    """The consonants, those that are easily taken for each other made one; doubles count once."""
    sound = word.casefold()
    for pattern, code in _SOUNDS:
        sound = re.sub(pattern, code, sound)
    return re.sub(r"(.)\1+", r"\1", sound)


GENERATORS: list[Generator] = [
    rewriting("fillers", "still", fillers),
    rewriting("no case or punctuation", "still", bare),
    rewriting("homophones", "still", homophones),
    rewriting("misheard 5 %", "still", lambda text, random: misheard(0.05, text, random)),
    rewriting("misheard 10 %", "still", lambda text, random: misheard(0.10, text, random)),
    rewriting("misheard 20 %", "still", lambda text, random: misheard(0.20, text, random)),
]
