"""Must not move: who speaks, and in which English."""

import re
from collections.abc import Sequence
from random import Random

from evals.perturbations.lexicon import speech, wording
from evals.perturbations.models import Generator, rewriting
from evals.perturbations.text import replaced, sentences_of

_TO_HER = [(r"\bhimself\b", "herself"), (r"\bhis\b", "her"), (r"\bhim\b", "her"), (r"\bhe\b", "she")]
_NO_NOUN = (
    r"(?=\W*$|[.,;:?!]|\s+(?:a|an|the|that|this|it|to|and|or|but|in|on|at|for|with|if|what|why|how|about|because|so|"
    r"when|who|before|after|into|from|not|was|is)\b)"
)
_TO_HIM = [
    (r"\bherself\b", "himself"),
    (r"\bhers\b", "his"),
    (rf"\bher\b{_NO_NOUN}", "him"),
    (r"\bher\b", "his"),
    (r"\bshe\b", "he"),
]
_HEDGED_SHARE = 0.6


def people(text: str, random: Random) -> str:
    """Somebody introduces themselves; people of the other sex, with other names and schools, are in the story."""
    words = wording()
    person = random.choice(words.people)
    text = replaced(text, _TO_HER if len(re.findall(r"\b(?:he|him|his)\b", text)) else _TO_HIM)
    text = _swapped(text, words.first_names, words.first_names, random)
    text = _swapped(text, words.schools, words.other_schools, random)
    return f"{words.introduction.format(**person.model_dump())} {text}"


def dialect(text: str, random: Random) -> str:
    """One of the dialects that have something to change in it."""
    spoken = [replaced(text, rules) for rules in wording().dialects.values()]
    different = [said for said in spoken if said != text]
    return random.choice(different) if different else text


def second_language(text: str, _: Random) -> str:
    return replaced(text, wording().second_language)


def hedged(text: str, random: Random) -> str:
    """A hedge before most sentences, at least one."""
    whole = sentences_of(text)
    number = max(1, round(_HEDGED_SHARE * len(whole)))
    for place in random.sample(range(len(whole)), number):
        hedge = random.choice(speech().hedges)
        whole[place] = f"{hedge[0].upper()}{hedge[1:]} {_begin_small(whole[place])}"
    return " ".join(whole)


def _swapped(text: str, names: Sequence[str], others: Sequence[str], random: Random) -> str:
    def other(found: re.Match[str]) -> str:
        return random.choice([name for name in others if name != found[0]])

    return re.sub(rf"\b(?:{'|'.join(names)})\b", other, text)


def _begin_small(sentence: str) -> str:
    """Names and "I" keep their capital."""
    first = re.match(r"[A-Za-z]+", sentence)
    small = first is not None and first[0].casefold() in wording().small_beginnings.split()
    return sentence[0].lower() + sentence[1:] if small else sentence


GENERATORS: list[Generator] = [
    rewriting("names, pronouns, schools", "still", people),
    rewriting("dialect", "still", dialect),
    rewriting("second-language grammar", "still", second_language),
    rewriting("hedging", "still", hedged),
]
