"""An embedding without a model. Apart from tests.fakes because it brings Chroma with it, which is slow to import."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from chromadb.utils.embedding_functions import register_embedding_function

from knowledge.embedding import Embedding, Vectors
from knowledge.spoken import stems

SIZE = 64


class FakeEmbedding(Embedding):
    """Texts are near to one another as far as they share words. `embedded` lists every text ever embedded."""

    def __init__(self, fingerprint: str = "fake") -> None:
        self._fingerprint = fingerprint
        self.embedded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.stack([self._vector(text) for text in texts])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / lengths).astype(np.float32)  # type: ignore[no-any-return]  # numpy widens it to Any

    def _vector(self, text: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The sum of a random direction for each word, and a little of one for the text itself."""
        words = [_direction(word) for word in stems(text)]
        total: np.ndarray[Any, np.dtype[np.float64]] = np.sum([*words, 0.1 * _direction(text)], axis=0)
        return total

    @staticmethod
    def name() -> str:
        return "soundcheck-fake"

    def get_config(self) -> dict[str, Any]:
        return {"fingerprint": self._fingerprint}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> "FakeEmbedding":
        return FakeEmbedding(config["fingerprint"])


def _direction(word: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(SIZE)


register_embedding_function(FakeEmbedding)  # type: ignore[no-untyped-call]  # chromadb leaves it untyped
