"""What can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.models import QuestionKind


@dataclass(frozen=True)
class Item:
    """A question of the bank or of a script, or a coding problem to be talked through."""

    id: str
    topic: str
    kind: QuestionKind
    text: str
    rows: tuple[str, ...]
    points: tuple[str, ...]
    follow_ups: Mapping[str, tuple[str, ...]]
    hints: tuple[str, ...] = ()
    is_problem: bool = False
    probes: tuple[str, ...] = ()
    """Of a script: follow-ups in their order, said as written."""
