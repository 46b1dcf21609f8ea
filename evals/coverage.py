"""Where lies the similarity from which a point of the material counts as covered by an answer?"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from knowledge.models import COVERED

DATA = Path(__file__).parent / "data" / "retrieval" / "coverage.jsonl"
THRESHOLDS = sorted({0.4, 0.45, 0.5, 0.55, 0.6, COVERED})

Cover = Callable[[str, Sequence[str]], Mapping[str, float]]
"""`Index.coverage`."""


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    point: str
    covered: bool
    said: str


class Outcome(NamedTuple):
    """Shares of pairs, at one threshold."""

    threshold: float
    found: float
    """Of the points that were covered."""
    false_alarms: float
    """Of the points that were not, where the answer was one sentence about the same topic."""
    false_alarms_long: float
    """The same, where the answer was everything else that was said about the topic."""


def load_pairs(path: Path = DATA) -> list[Pair]:
    return [Pair.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def outcomes(cover: Cover, pairs: Sequence[Pair], thresholds: Sequence[float]) -> list[Outcome]:
    said_of = defaultdict(list)
    for pair in pairs:
        said_of[pair.point.partition("/")[0]].append(pair)
    yes = [cover(p.said, [p.point])[p.point] for p in pairs if p.covered]
    no = [cover(p.said, [p.point])[p.point] for p in pairs if not p.covered]
    long = []
    for pair in pairs:
        if not pair.covered:
            others = said_of[pair.point.partition("/")[0]]
            rest = "\n".join(o.said for o in others if not (o.covered and o.point == pair.point))
            long.append(cover(rest, [pair.point])[pair.point])
    return [Outcome(t, _share(yes, t), _share(no, t), _share(long, t)) for t in thresholds]


def _share(similarities: Sequence[float], threshold: float) -> float:
    return sum(s >= threshold for s in similarities) / max(1, len(similarities))
