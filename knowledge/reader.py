"""Searches a finished index."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from knowledge.classifier import Classifier
from knowledge.collection import Collection
from knowledge.embedding import Embedding, Vectors
from knowledge.models import Passage
from knowledge.passages import Entry
from knowledge.ranking import Hits, TopicRanker, learned_from
from knowledge.spoken import sentences

CLASSIFIER = "classifier.npz"
RANKED_HITS = 600
"""Passages looked at to rank topics; more of them change nothing that can be measured."""
SPARE = 4
"""Several entries may stand for one thing: so many times the limit are fetched to fill it."""
REMEMBERED = 2000
"""Vectors of sentences kept in memory: an answer is looked at again each time it grows."""


class Reader:
    def __init__(self, folder: Path, entries: Sequence[Entry], embedding: Embedding) -> None:
        self._embedding = embedding
        self._entries = {entry.id: entry for entry in entries}
        self._collection = Collection(folder, embedding)
        texts = [entries[i].text for i in learned_from(entries)]
        self._ranker = TopicRanker(entries, Classifier.load(folder / CLASSIFIER, texts))
        self._points: dict[str, Vectors] = {}
        self._sentences: dict[str, Vectors] = {}
        self._lock = Lock()

    def close(self) -> None:
        self._collection.close()

    def search(self, text: str, limit: int, topic: str | None) -> list[Passage]:
        shown: dict[str, Any] = {"kind": {"$ne": "phrasing"}}
        where = shown if topic is None else {"$and": [shown, {"topic": topic}]}
        hits = self._hits(text, limit * SPARE, where)
        best: dict[str, Passage] = {}
        for entry, similarity in zip(hits.entries, hits.similarities, strict=True):
            best.setdefault(entry.source, _passage(entry, float(similarity)))
        return list(best.values())[:limit]

    def topics(self, text: str, limit: int) -> list[Passage]:
        hits = self._hits(text, RANKED_HITS)
        shares = self._ranker.shares(text, self._vectors([text])[0], hits)
        order = np.argsort(-shares, kind="stable")[:limit]
        found = []
        for place in order:
            topic = self._ranker.topics[place]
            near = (e for e in hits.entries if e.topic == topic and e.kind != "phrasing")
            found.append(_passage(next(near, self._entries[topic]), float(shares[place])))
        return found

    def ranking(self, text: str) -> dict[str, dict[str, float]]:
        hits, vector = self._hits(text, RANKED_HITS), self._vectors([text])[0]
        views = {
            "near": self._ranker.near(hits),
            "learned": self._ranker.learned(text, vector),
            "words": self._ranker.words(text),
            "all": self._ranker.shares(text, vector, hits),
        }
        return {
            name: dict(zip(self._ranker.topics, scores.tolist(), strict=True))
            for name, scores in views.items()
        }

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        said = sentences(answer)
        known = self._point_vectors(points)
        if not said or not known:
            return dict.fromkeys(points, 0.0)
        nearest = (np.stack(list(known.values())) @ self._vectors(said).T).max(axis=1)
        found = dict(zip(known, np.clip(nearest, 0.0, 1.0).tolist(), strict=True))
        return {point: found.get(point, 0.0) for point in points}

    def _hits(self, text: str, limit: int, where: dict[str, Any] | None = None) -> Hits:
        ids, similarities = self._collection.nearest(self._vectors([text])[0], limit, where)
        return Hits([self._entries[i] for i in ids], similarities)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._sentences]
            if len(self._sentences) + len(missing) > REMEMBERED:
                self._sentences.clear()
                missing = list(dict.fromkeys(texts))
            if missing:
                self._sentences.update(zip(missing, self._embedding.embed(missing), strict=True))
            return np.stack([self._sentences[text] for text in texts])

    def _point_vectors(self, points: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            missing = [p for p in points if p not in self._points and p in self._entries]
            if missing:
                self._points.update(self._collection.vectors(missing))
            return {point: self._points[point] for point in points if point in self._points}


def _passage(entry: Entry, score: float) -> Passage:
    return Passage(
        topic=entry.topic,
        stage=entry.stage,
        kind=entry.kind,
        source=entry.source,
        score=round(score, 4),
        passage=entry.passage,
    )
