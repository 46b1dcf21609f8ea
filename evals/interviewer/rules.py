"""A rule looks at a whole session and gives a verdict for every occasion it finds in it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from evals.interviewer.record import Record, World


class Verdict(NamedTuple):
    """`fault` is None where the rule was kept, else what is wrong with the line at `place`."""

    place: int
    fault: str | None


Rule = Callable[[Record, World], Iterator[Verdict]]


class Check(NamedTuple):
    """`bar` is the least share of sessions without an offence, among those in which there was an occasion."""

    id: str
    title: str
    bar: float
    rule: Rule
