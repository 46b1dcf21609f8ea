"""Does the search know what a sentence is about? Hit rates on paraphrases, beside simpler ways of finding out.

The utterances say in other words what a topic is about; `evals/data/retrieval/README.md` tells how they came to be.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from evals.bootstrap import Estimate, mean_with_interval
from knowledge.models import Topic

DATA = Path(__file__).parent / "data" / "retrieval" / "paraphrases.jsonl"
BAR = {1: 0.85, 3: 0.97}
"""Least share of utterances whose topic must come first, and be among the first three."""
PRODUCT = "search"
"""The ranker that the bar is for: what `soundcheck search` does."""

Split = Literal["dev", "test"]
Rank = Callable[[str], Sequence[str]]
"""Every topic, likeliest first."""
Views = Callable[[str], Mapping[str, Mapping[str, float]]]
"""`Index.ranking`."""
Embed = Callable[[Sequence[str]], np.ndarray[Any, np.dtype[np.float32]]]


class Utterance(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    topic: str
    speaker: Literal["candidate", "interviewer"]
    text: str
    split: Split
    accept: list[str] = Field(default_factory=list)
    """Other topics that are right as well, where the label is truly ambiguous."""


class Miss(NamedTuple):
    id: str
    text: str
    topic: str
    rank: int
    first: list[str]
    """The three topics that came first."""


class Result(NamedTuple):
    """How often one ranker had the right topic first, and among the first three."""

    ranker: str
    hit_at_1: Estimate
    hit_at_3: Estimate
    median_ms: float
    misses: list[Miss]

    @property
    def passes(self) -> bool:
        return self.hit_at_1.value >= BAR[1] and self.hit_at_3.value >= BAR[3]


class Report(NamedTuple):
    utterances: int
    results: list[Result]

    @property
    def product(self) -> Result:
        return next(result for result in self.results if result.ranker == PRODUCT)

    def as_dict(self) -> dict[str, Any]:
        return {
            "utterances": self.utterances,
            "bar": {"hit_at_1": BAR[1], "hit_at_3": BAR[3]},
            "passed": self.product.passes,
            "rankers": [
                {
                    "ranker": result.ranker,
                    "hit_at_1": result.hit_at_1._asdict(),
                    "hit_at_3": result.hit_at_3._asdict(),
                    "median_ms": round(result.median_ms, 2),
                }
                for result in self.results
            ],
            "misses": [miss._asdict() for miss in self.product.misses],
        }


def load_utterances(split: Split | None = None, *, path: Path = DATA) -> list[Utterance]:
    lines = path.read_text(encoding="utf-8").splitlines()
    utterances = [Utterance.model_validate_json(line) for line in lines if line.strip()]
    return [u for u in utterances if split in (None, u.split)]


def rankers(
    views: Views, embed: Embed, topics: Sequence[Topic], seen: Sequence[Utterance]
) -> dict[str, Rank]:
    """The product's search first, then each of its views alone, then two rivals that use no index."""

    def by(view: str) -> Rank:
        return lambda text: _best_first(views(text)[view])

    summaries = embed([f"{topic.title}. {topic.summary}" for topic in topics])
    ids = [topic.id for topic in topics]

    def by_summary(text: str) -> list[str]:
        return _best_first(dict(zip(ids, (summaries @ embed([text])[0]).tolist(), strict=True)))

    frequent = [topic for topic, _ in Counter(u.topic for u in seen).most_common()]
    constant = [*frequent, *(i for i in ids if i not in frequent)]
    return {
        PRODUCT: by("all"),
        "nearest passages only": by("near"),
        "classifier only": by("learned"),
        "keywords only (BM25)": by("words"),
        "MiniLM on topic summaries": by_summary,
        "most frequent topic": lambda _: constant,
    }


def evaluate(named: Mapping[str, Rank], utterances: Sequence[Utterance]) -> Report:
    """`utterances` must not be empty."""
    return Report(len(utterances), [measure(name, rank, utterances) for name, rank in named.items()])


def measure(name: str, rank: Rank, utterances: Sequence[Utterance]) -> Result:
    ranks, misses, took_ms = [], [], []
    for utterance in utterances:
        began = time.perf_counter()
        order = rank(utterance.text)
        took_ms.append(1000 * (time.perf_counter() - began))
        right = {utterance.topic, *utterance.accept}
        place = next((i for i, topic in enumerate(order, 1) if topic in right), len(order) + 1)
        ranks.append(place)
        if place > 1:
            misses.append(Miss(utterance.id, utterance.text, utterance.topic, place, list(order[:3])))
    return Result(
        name,
        mean_with_interval([float(place <= 1) for place in ranks]),
        mean_with_interval([float(place <= 3) for place in ranks]),
        statistics.median(took_ms),
        misses,
    )


def _best_first(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda topic: (-scores[topic], topic))
