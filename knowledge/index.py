"""The search index of a guide, kept on disk.

`build` makes it current: only texts that the last index did not have are embedded, and what the guide no longer holds
is gone. A damaged index is built again with a notice, since nothing in it is more than a copy.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from knowledge.collection import Collection, write_collection
from knowledge.embedding import Embedding, Vectors
from knowledge.errors import IndexUnavailable
from knowledge.generations import Generations, seal
from knowledge.loader import Content
from knowledge.models import Passage
from knowledge.passages import Entry, digest_of, entries_of
from knowledge.ranking import fit_classifier
from knowledge.reader import CLASSIFIER, Reader

EMBEDDED_AT_ONCE = 64

Progress = Callable[[int, int], None]
"""Called with the number of texts embedded so far and the number to embed."""


class Built(NamedTuple):
    """What a build did, in texts."""

    texts: int
    embedded: int
    removed: int
    seconds: float


class Index:
    """Search over one guide. Call `build` first; after it, searches may come from any thread."""

    def __init__(
        self, folder: Path, embedding: Embedding, *, notice: Callable[[str], None] = lambda _: None
    ) -> None:
        self._embedding = embedding
        self._generations = Generations(folder, embedding.fingerprint)
        self._notice = notice
        self._opened: Reader | None = None

    def build(self, content: Content, *, progress: Progress | None = None, rebuild: bool = False) -> Built:
        """Makes the index current and opens it. Quick where it is current already. Raises IndexUnavailable."""
        began = time.monotonic()
        entries = entries_of(content)
        digest = digest_of(entries)
        texts = len({entry.text for entry in entries})
        done = Built(texts, 0, 0, 0.0)
        path = None if rebuild else self._generations.current(digest)
        if path is None:
            with self._generations.locked():
                path = None if rebuild else self._generations.current(digest)
                if path is None:
                    path, done = self._write(entries, digest, progress, fresh=rebuild)
        self.close()
        self._opened = Reader(path, entries, self._embedding)
        return done._replace(seconds=time.monotonic() - began)

    def search(self, text: str, *, limit: int = 5, topic: str | None = None) -> list[Passage]:
        """The nearest passages, best first; the score is their cosine similarity. Never a phrasing."""
        return self._now.search(text, limit, topic)

    def topics(self, text: str, *, limit: int = 5) -> list[Passage]:
        """What `text` is about: the likeliest topics, each by its nearest passage; scores are shares of one."""
        return self._now.topics(text, limit)

    def ranking(self, text: str) -> dict[str, dict[str, float]]:
        """Every topic's score by each view, and by all of them together (`all`); for measuring them apart."""
        return self._now.ranking(text)

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        """For each qualified point id: the largest similarity (0-1) of that point to any sentence of `answer`.

        A point that the guide does not have is never covered: 0.
        """
        return self._now.coverage(answer, points)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _now(self) -> Reader:
        if self._opened is None:
            raise IndexUnavailable("the search index is not open: call build first")
        return self._opened

    def _write(
        self, entries: Sequence[Entry], digest: str, progress: Progress | None, *, fresh: bool
    ) -> tuple[Path, Built]:
        for path in self._generations.damaged(digest):
            self._notice(f"the search index in {path} is damaged: building it again")
        stored = {} if fresh else self._stored_vectors()
        wanted = dict.fromkeys(entry.text for entry in entries)
        fresh_texts = sorted((text for text in wanted if text not in stored), key=len)
        vectors_of = stored | self._embed(fresh_texts, progress)
        vectors = np.stack([vectors_of[entry.text] for entry in entries])
        path = self._generations.new(digest)
        write_collection(path, entries, vectors, self._embedding)
        fit_classifier(entries, vectors).save(path / CLASSIFIER)
        seal(path)
        self._generations.prune(path)
        return path, Built(len(wanted), len(fresh_texts), len(stored.keys() - wanted.keys()), 0.0)

    def _embed(self, texts: Sequence[str], progress: Progress | None) -> dict[str, Vectors]:
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(texts), EMBEDDED_AT_ONCE):
            batch = texts[start : start + EMBEDDED_AT_ONCE]
            vectors.update(zip(batch, self._embedding.embed(batch), strict=True))
            if progress:
                progress(len(vectors), len(texts))
        return vectors

    def _stored_vectors(self) -> dict[str, Vectors]:
        newest = self._generations.newest()
        if newest is None:
            return {}
        collection = Collection(newest, self._embedding)
        try:
            return collection.vectors_by_text()
        finally:
            collection.close()
