"""Small operations on text that several generators share."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from random import Random

from evals.perturbations.lexicon import Rule
from rubrics.sentences import sentences

_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def core(word: str) -> tuple[str, str, str]:
    """What stands before the word, the word, and what stands behind it, e.g. a comma."""
    found = _CORE.match(word)
    assert found is not None, "the pattern matches everything"
    before, inner, behind = found.groups()
    return before, inner, behind


def in_case_of(model: str, word: str) -> str:
    """`word` with a capital where `model` has one."""
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def replaced(text: str, rules: Iterable[Rule]) -> str:
    """Every rule applied, in order, to every place; a capital at the place is kept."""
    for pattern, replacement in rules:
        text = re.sub(pattern, partial(_expanded, replacement), text, flags=re.IGNORECASE)
    return text


def with_sentences(text: str, added: Sequence[str], random: Random) -> str:
    """Each of `added` put between two sentences of the text, or behind the last."""
    whole = sentences_of(text)
    places = sorted(random.randint(1, len(whole)) for _ in added)
    for place, sentence in reversed(list(zip(places, added, strict=True))):
        whole.insert(place, sentence)
    return " ".join(whole)


def _expanded(replacement: str, found: re.Match[str]) -> str:
    return in_case_of(found[0], found.expand(replacement))
