"""Who takes part in a pilot: levels x manners x people, each combination once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Literal, get_args

from evals.errors import EvalError
from evals.perturbations.wording import dialect, hedged
from graphs.answerbook import AnswerBook
from graphs.candidate import SimulatedCandidate
from graphs.items import Item
from graphs.manner import Manner, Spoken, with_fillers
from graphs.models import Utterance, View
from graphs.persona import AnswerLevel, load_persona
from graphs.shaping import nervous
from knowledge.loader import Content

SpokenManner = Literal["plain", "dialect", "hedging", "terse", "nervous"]
MANNERS: tuple[SpokenManner, ...] = get_args(SpokenManner)
INTENDED: Mapping[AnswerLevel, float] = MappingProxyType({"weak": 2.0, "mixed": 3.0, "strong": 5.0})
"""The level at which the answers of each were written, on the scripts' anchors. Authored, not rated by anybody else."""
PLAIN: SpokenManner = "plain"
_WORDS_OF_AN_ANSWER = 12
"""Shorter turns are requests and courtesies; they are said as they are."""
_NERVOUS = Manner(fillers=["um", "uh", "er", "I mean"], fillers_per_100_words=7.0)


@dataclass(frozen=True)
class Member:
    """One simulated candidate. `seed` is the person: the same person speaks in every manner."""

    level: AnswerLevel
    manner: SpokenManner
    seed: int

    @property
    def id(self) -> str:
        return f"{self.level}-{self.manner}-{self.seed}"

    @property
    def intended(self) -> float:
        return INTENDED[self.level]


def cast(levels: Sequence[str], manners: Sequence[str], seeds: int) -> list[Member]:
    """Raises EvalError for a level or manner there is not."""
    for name, given, known in (("levels", levels, tuple(INTENDED)), ("manners", manners, MANNERS)):
        if unknown := sorted(set(given) - set(known)):
            raise EvalError(f"{name}: {', '.join(unknown)}: not known\n  fix: use any of {', '.join(known)}")
    chosen = [level for level in INTENDED if level in (levels or INTENDED)]
    spoken = [manner for manner in MANNERS if manner in (manners or MANNERS)]
    return [Member(level, manner, seed) for level, seed, manner in product(chosen, range(seeds), spoken)]


class Actor:
    """Plays one member: what is said is the person's, how it is said the manner's."""

    def __init__(
        self, member: Member, answers: AnswerBook, content: Content, items: Mapping[str, Item]
    ) -> None:
        self._member = member
        persona = load_persona(member.level)
        self._candidate = SimulatedCandidate(
            persona, answers, content, member.seed, short=member.manner == "terse", items=items
        )
        self._rng = Random(member.id)

    def reply(self, view: View, said: Sequence[Utterance]) -> Spoken | None:
        spoken = self._candidate.reply(view, said)
        if spoken is None or len(spoken.text.split()) < _WORDS_OF_AN_ANSWER:
            return spoken
        return replace(spoken, text=in_manner(spoken.text, self._member.manner, self._rng))


def in_manner(text: str, manner: SpokenManner, rng: Random) -> str:
    """The same content, said differently. Terse people have said less from the beginning."""
    if manner == "dialect":
        return dialect(text, rng)
    if manner == "hedging":
        return hedged(text, rng)
    return with_fillers(nervous(text, rng), _NERVOUS, rng) if manner == "nervous" else text
