"""Which topic a sentence is about: three views of it, added up.

- near: the mean similarity of the topic's five nearest passages;
- learned: a classifier fitted to the guide's own texts;
- words: BM25 over one document a topic, for the names and terms that vectors blur.

Each view alone puts the right topic first for far fewer sentences; `soundcheck eval retrieval` shows the figures.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from knowledge.classifier import Classifier, Scores, Vectors
from knowledge.models import GUIDE
from knowledge.passages import Entry
from knowledge.spoken import stems

NEAREST = 5
WORDS_WEIGHT = 0.5
SHARPNESS = 1.0
"""Turns summed views into shares that add up to one; chosen so that search is right as often as it says."""
LEARNED_KINDS = ("phrasing", "point", "question", "topic")
"""Kinds near enough to speech to learn from."""


class Hits(NamedTuple):
    """What the index found near a sentence, best first."""

    entries: Sequence[Entry]
    similarities: Scores


def topics_of(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.topic for entry in entries} - {GUIDE})


def learned_from(entries: Sequence[Entry]) -> list[int]:
    """The places of the entries that the classifier is fitted to."""
    return [i for i, entry in enumerate(entries) if entry.kind in LEARNED_KINDS]


def fit_classifier(entries: Sequence[Entry], vectors: Vectors) -> Classifier:
    topics = {topic: i for i, topic in enumerate(topics_of(entries))}
    rows = learned_from(entries)
    texts = [entries[i].text for i in rows]
    return Classifier.fit(texts, vectors[rows], [topics[entries[i].topic] for i in rows], len(topics))


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
    def __init__(self, entries: Sequence[Entry], classifier: Classifier) -> None:
        self.topics = topics_of(entries)
        self._place = {topic: i for i, topic in enumerate(self.topics)}
        self._classifier = classifier
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for entry in entries:
            texts[entry.topic] += stems(entry.text)
        self._keywords = Keywords([texts[topic] for topic in self.topics])

    def shares(self, text: str, vector: Vectors, hits: Hits) -> Scores:
        """For each of `topics` its share of the belief that `text` is about it."""
        summed = _standard(self.near(hits)) + _standard(self.learned(text, vector))
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

    def learned(self, text: str, vector: Vectors) -> Scores:
        return self._classifier.scores(text, vector)

    def words(self, text: str) -> Scores:
        return self._keywords.scores(stems(text))


def _standard(scores: Scores) -> Scores:
    standard: Scores = (scores - scores.mean()) / (scores.std() + 1e-9)
    return standard
