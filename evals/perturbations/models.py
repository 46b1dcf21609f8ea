"""What a perturbation is: a generator that changes an answer, and the law that the change comes under."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from evals.datasets import Item
from rubrics.models import Grade

Family = Literal["still", "no-rise", "fall", "floor", "injection", "retest", "order"]
"""Which law: the level must not move, not rise, fall, stay at the floor; be moved by no words about the grade; come
out the same again; order the answers to a question as they were authored."""
FAMILIES: tuple[Family, ...] = ("still", "no-rise", "fall", "floor", "injection", "retest", "order")


@dataclass(frozen=True)
class Subject:
    """An answer that was graded as it is, and answers to other questions by the same rubric."""

    item: Item
    grade: Grade
    others: tuple[Item, ...]

    @property
    def text(self) -> str:
        return self.item.answer


@dataclass(frozen=True)
class Change:
    """The answer as changed. `rows` must fall, where the law is that something falls; none means the whole."""

    answer: str
    question: str | None = None
    """Another question than the one it was the answer to."""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Generator:
    """`make` returns None where the change does not apply, e.g. to an answer without figures."""

    name: str
    family: Family
    make: Callable[[Subject, Random], Change | None]


def rewriting(name: str, family: Family, rewrite: Callable[[str, Random], str]) -> Generator:
    """A generator that needs to know only the text; it does not apply where it leaves the text as it was."""

    def make(subject: Subject, random: Random) -> Change | None:
        changed = rewrite(subject.text, random)
        return None if changed == subject.text else Change(changed)

    return Generator(name, family, make)
