"""The Chroma side of an index: writes a collection once, then only reads it. No telemetry, no `.env`, no network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from knowledge.embedding import Embedding, Vectors
from knowledge.errors import IndexUnavailable
from knowledge.passages import Entry

NAME = "passages"
BATCH = 500
HNSW = CreateHNSWConfiguration(
    space="cosine", max_neighbors=32, ef_construction=200, ef_search=400, num_threads=1
)
"""One thread makes the graph, and with it every search result, the same on each build."""


class Collection:
    """Read access to a collection on disk."""

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        self._folder = folder
        with _chroma_faults(folder):
            self._client = _open(folder)
            self._passages = self._client.get_collection(NAME, embedding_function=_for_chroma(embedding))

    def close(self) -> None:
        self._client.close()

    def nearest(
        self, vector: Vectors, limit: int, where: dict[str, Any] | None = None
    ) -> tuple[list[str], NDArray[np.float64]]:
        """Ids and cosine similarities (0-1), best first."""
        with _chroma_faults(self._folder):
            found = self._passages.query(
                query_embeddings=vector[None, :],
                n_results=min(limit, self._passages.count()),
                where=where,
                include=["distances"],
            )
        distances = np.array((found["distances"] or [[]])[0], dtype=np.float64)
        return found["ids"][0], np.clip(1.0 - distances, 0.0, 1.0)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Ids that are not there are left out."""
        with _chroma_faults(self._folder):
            found = self._passages.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], np.asarray(found["embeddings"], np.float32), strict=True))

    def vectors_by_text(self) -> dict[str, Vectors]:
        with _chroma_faults(self._folder):
            found = self._passages.get(include=["documents", "embeddings"])
        vectors = np.asarray(found["embeddings"], np.float32)
        return dict(zip(found["documents"] or [], vectors, strict=True))


def write_collection(folder: Path, entries: Sequence[Entry], vectors: Vectors, embedding: Embedding) -> None:
    """Writes a collection into an empty folder and closes it, so that its files are at rest."""
    hnsw = CreateHNSWConfiguration(**HNSW, sync_threshold=max(2, len(entries)))
    with _chroma_faults(folder), _open(folder) as client:
        passages = client.create_collection(
            NAME,
            embedding_function=_for_chroma(embedding),
            configuration=CreateCollectionConfiguration(hnsw=hnsw),
        )
        for start in range(0, len(entries), BATCH):
            batch = entries[start : start + BATCH]
            passages.add(
                ids=[entry.id for entry in batch],
                embeddings=vectors[start : start + BATCH],
                documents=[entry.text for entry in batch],
                metadatas=[
                    {"kind": e.kind, "topic": e.topic, "stage": e.stage, "source": e.source} for e in batch
                ],
            )


def _open(folder: Path) -> Client:
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]  # pydantic's own
    return cast(Client, chromadb.PersistentClient(folder, settings=settings))


def _for_chroma(embedding: Embedding) -> Any:
    """Chroma declares that it wants a function of texts and of images, and takes one of texts."""
    return embedding


@contextmanager
def _chroma_faults(folder: Path) -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        raise IndexUnavailable(
            f"the search index in {folder} cannot be used: {error}\n  fix: soundcheck index --rebuild"
        ) from error
