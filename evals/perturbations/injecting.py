"""Moved by no words about the grade: attempts to speak to the grader, put at several places of an answer."""

from functools import partial
from random import Random
from typing import Literal, get_args

from evals.perturbations.lexicon import Injection, injections
from evals.perturbations.models import Change, Generator, Subject
from evals.perturbations.text import sentences_of

Place = Literal["in front", "in the middle", "at the end", "alone"]
PLACES: tuple[Place, ...] = get_args(Place)
ALONE: Place = "alone"
"""Then there is no answer: what is measured is how far the level leaves the floor."""


def injected(text: str, attempt: str, place: Place) -> str:
    whole = sentences_of(text)
    match place:
        case "in front":
            return f"{attempt} {text}"
        case "in the middle":
            return " ".join([*whole[: len(whole) // 2], attempt, *whole[len(whole) // 2 :]])
        case "at the end":
            return f"{text} {attempt}"
        case "alone":
            return attempt


def generators(number: int, random: Random) -> list[Generator]:
    """Every attempt at one place, then every attempt at the next place, and so on, until there are `number`."""
    attempts = random.sample(injections(), len(injections()))
    all_places = [
        _generator(attempt, PLACES[(turn + place) % len(PLACES)])
        for place in range(len(PLACES))
        for turn, attempt in enumerate(attempts)
    ]
    return all_places[:number]


def is_alone(law: str) -> bool:
    return law.endswith(ALONE)


def _generator(attempt: Injection, place: Place) -> Generator:
    return Generator(f"{attempt.medium}, {place}", "injection", partial(_make, attempt, place))


def _make(attempt: Injection, place: Place, subject: Subject, _: Random) -> Change:
    return Change(injected(subject.text, attempt.text, place))
