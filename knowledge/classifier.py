"""A classifier of sentences by topic, fitted to the guide's own texts: kernel ridge regression.

Two texts are alike as far as their vectors are close and as far as they share rare words. Each text gets a weight
for each topic, such that the likeness-weighted sum of all texts' weights comes out right for the texts themselves.
Unlike a plain nearest neighbour, that discounts what topics have in common: every other sentence speaks of models.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.spoken import stems

CLOSENESS = 2.0
"""How fast likeness falls with the distance of two vectors."""
SHARED_WORDS = 0.3
"""What sharing all words counts for, where having the same vector counts for one."""
RIDGE = 0.5

Scores = NDArray[np.float64]
Vectors = NDArray[np.float32]


class RareWords:
    """TF-IDF vectors of a fixed set of texts, kept word by word."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [Counter(stems(text)) for text in texts]
        having = Counter(word for counts in counted for word in counts)
        self._size = len(texts)
        self._rarity = {word: math.log((len(texts) + 1) / (n + 0.5)) for word, n in having.items()}
        rows: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, counts in enumerate(counted):
            for word, weight in self._weights(counts).items():
                rows[word].append((row, weight))
        self._rows = {
            word: (np.array([row for row, _ in found]), np.array([weight for _, weight in found]))
            for word, found in rows.items()
        }

    def likeness(self, text: str) -> Scores:
        """The cosine of `text` with each of the fixed texts."""
        found = np.zeros(self._size)
        for word, weight in self._weights(Counter(stems(text))).items():
            rows, weights = self._rows[word]
            found[rows] += weight * weights
        return found

    def _weights(self, counts: Counter[str]) -> dict[str, float]:
        known = {w: (1 + math.log(n)) * self._rarity[w] for w, n in counts.items() if w in self._rarity}
        length = math.sqrt(sum(weight * weight for weight in known.values()))
        return {word: weight / length for word, weight in known.items()} if length else {}


class Classifier:
    def __init__(self, texts: Sequence[str], vectors: Vectors, weights: NDArray[np.float32]) -> None:
        """`weights` has a row for each text and a column for each topic."""
        self._words = RareWords(texts)
        self._vectors = vectors
        self._weights = weights

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: Vectors, labels: Sequence[int], topics: int) -> "Classifier":
        words = RareWords(texts)
        likeness = np.stack(
            [_likeness(vectors, vectors[i], words.likeness(text)) for i, text in enumerate(texts)]
        )
        wanted = np.eye(topics)[np.asarray(labels)] - 1.0 / topics
        weights = np.linalg.solve(likeness + RIDGE * np.eye(len(texts)), wanted)
        return cls(texts, vectors, weights.astype(np.float32))

    def scores(self, text: str, vector: Vectors) -> Scores:
        """One for each topic; a text of the guide itself scores near 1 for its own topic and near 0 elsewhere."""
        scores: Scores = _likeness(self._vectors, vector, self._words.likeness(text)) @ self._weights
        return scores

    def save(self, path: Path) -> None:
        np.savez(path, vectors=self._vectors, weights=self._weights)

    @classmethod
    def load(cls, path: Path, texts: Sequence[str]) -> "Classifier":
        """`texts` must be those it was fitted to, in the same order."""
        with np.load(path) as stored:
            return cls(texts, stored["vectors"], stored["weights"])


def _likeness(vectors: Vectors, vector: Vectors, shared: Scores) -> Scores:
    close: Scores = np.exp(CLOSENESS * ((vectors @ vector).astype(np.float64) - 1.0))
    return close + SHARED_WORDS * shared
