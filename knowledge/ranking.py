"""Which topic a sentence is about: three views of it, added up.

- near: the mean similarity of the topic's five nearest passages;
- centre: a linear discriminant on the sentence's vector, which discounts what all topics have in common
  (every other sentence here speaks of models and music);
- words: BM25 over one document a topic, for the names and terms that vectors blur.

Each view alone puts the right topic first for far fewer sentences; `soundcheck eval retrieval` shows the figures.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.models import GUIDE
from knowledge.passages import Entry
from knowledge.spoken import stems

Scores = NDArray[np.float64]
NEAREST = 5
WORDS_WEIGHT = 0.75
SHRINKAGE = 1.0
"""Of the covariance towards a multiple of the identity; there are fewer passages than it takes to estimate it."""
SHARPNESS = 1.6
"""Turns summed views into shares that add up to one; fitted so that they are about as often right as they say."""
SPOKEN_KINDS = ("phrasing", "point", "question")
"""Kinds near enough to speech to say where a topic's centre lies."""


class Hits(NamedTuple):
    """What the index found near a sentence, best first."""

    entries: Sequence[Entry]
    similarities: Scores


class Centres(NamedTuple):
    """Linear discriminant: `vector @ weights.T + bias` scores the topics."""

    weights: NDArray[np.float64]
    bias: Scores


def topics_of(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.topic for entry in entries} - {GUIDE})


def fit_centres(entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Centres:
    topics = topics_of(entries)
    place = {topic: i for i, topic in enumerate(topics)}
    rows = [i for i, entry in enumerate(entries) if entry.kind in SPOKEN_KINDS and entry.topic in place]
    points = vectors[rows].astype(np.float64)
    labels = np.array([place[entries[i].topic] for i in rows])
    means = np.stack([points[labels == i].mean(axis=0) for i in range(len(topics))])
    spread = points - means[labels]
    covariance = spread.T @ spread / len(points)
    size = covariance.shape[0]
    covariance += (SHRINKAGE * np.trace(covariance) / size + 1e-9) * np.eye(size)
    weights = np.linalg.solve(covariance, means.T).T
    return Centres(weights, -0.5 * (means * weights).sum(axis=1))


class Keywords:
    """BM25 over one document a topic."""

    def __init__(
        self, documents: Sequence[Sequence[str]], *, saturation: float = 2.5, length: float = 0.75
    ) -> None:
        self._size = len(documents)
        lengths = np.array([len(document) for document in documents], dtype=np.float64)
        self._damping = saturation * (1 - length + length * lengths / max(1.0, lengths.mean()))
        self._saturation = saturation
        self._counts: Mapping[str, Scores] = self._count(documents)

    def _count(self, documents: Sequence[Sequence[str]]) -> Mapping[str, Scores]:
        counts: defaultdict[str, Scores] = defaultdict(lambda: np.zeros(self._size))
        for number, document in enumerate(documents):
            for word, times in Counter(document).items():
                counts[word][number] = times
        return dict(counts)

    def scores(self, words: Sequence[str]) -> Scores:
        total = np.zeros(self._size)
        for word in set(words) & self._counts.keys():
            counts = self._counts[word]
            having = float((counts > 0).sum())
            rarity = math.log(1 + (self._size - having + 0.5) / (having + 0.5))
            total += rarity * counts * (self._saturation + 1) / (counts + self._damping)
        return total


class TopicRanker:
    def __init__(self, entries: Sequence[Entry], centres: Centres) -> None:
        self.topics = topics_of(entries)
        self._place = {topic: i for i, topic in enumerate(self.topics)}
        self._centres = centres
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for entry in entries:
            texts[entry.topic] += stems(entry.text)
        self._keywords = Keywords([texts[topic] for topic in self.topics])

    def shares(self, text: str, vector: NDArray[np.float32], hits: Hits) -> Scores:
        """For each of `topics` its share of the belief that `text` is about it."""
        summed = _standard(self.near(hits)) + _standard(self.centre(vector))
        summed += WORDS_WEIGHT * _standard(self.words(text))
        powers = np.exp(SHARPNESS * (summed - summed.max()))
        shares: Scores = powers / powers.sum()
        return shares

    def near(self, hits: Hits) -> Scores:
        """A topic with fewer than five passages among the hits gets the last hit's similarity for the others."""
        found: list[list[float]] = [[] for _ in self.topics]
        for entry, similarity in zip(hits.entries, hits.similarities, strict=True):
            place = self._place.get(entry.topic)
            if place is not None and len(found[place]) < NEAREST:
                found[place].append(float(similarity))
        floor = float(hits.similarities[-1]) if len(hits.similarities) else 0.0
        return np.array([(sum(few) + floor * (NEAREST - len(few))) / NEAREST for few in found])

    def centre(self, vector: NDArray[np.float32]) -> Scores:
        scores: Scores = self._centres.weights @ vector.astype(np.float64) + self._centres.bias
        return scores

    def words(self, text: str) -> Scores:
        return self._keywords.scores(stems(text))


def _standard(scores: Scores) -> Scores:
    standard: Scores = (scores - scores.mean()) / (scores.std() + 1e-9)
    return standard
