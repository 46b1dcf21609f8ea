"""Opens the search index for this machine's settings. Chroma takes seconds to import, so it is imported only here,
inside the functions that need it."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from agent.models.store import Store
from agent.settings import Settings
from knowledge.loader import Content
from knowledge.models import Passage

if TYPE_CHECKING:
    from knowledge.embedding import OnnxEmbedding
    from knowledge.index import Index, Progress

THREADS_AT_MOST = 2
"""More threads do not make a model of this size quicker on single sentences."""


def open_index(
    settings: Settings,
    content: Content,
    *,
    progress: "Progress | None" = None,
    notice: Callable[[str], None] = lambda _: None,
) -> "Index":
    """The index of `content`, built first where it is not current. Blocks; call it in a thread where a loop runs.

    Raises ModelsError where the embedding model is missing, and IndexUnavailable.
    """
    index = closed_index(settings, content, notice=notice)
    index.build(content, progress=progress)
    return index


class LaterIndex:
    """A search that opens its index at the first use, or at `open` before that: an interview's first words need none.

    Blocks while it opens; call it in a thread where a loop runs. Raises what `open_index` raises; a missing model is
    told at once.
    """

    def __init__(self, settings: Settings, content: Content) -> None:
        Store(settings).path(settings.embedding_model)
        self._settings, self._content = settings, content
        self._lock = Lock()
        self._index: Index | None = None

    def open(self) -> "Index":
        with self._lock:
            if self._index is None:
                self._index = open_index(self._settings, self._content)
            return self._index

    def search(self, text: str, *, limit: int = 5, topic: str | None = None) -> list[Passage]:
        return self.open().search(text, limit=limit, topic=topic)

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        return self.open().coverage(answer, points)


def closed_index(
    settings: Settings, content: Content, *, notice: Callable[[str], None] = lambda _: None
) -> "Index":
    """The index before its `build`."""
    from knowledge.index import Index

    return Index(_folder(settings, content), open_embedding(settings), notice=notice)


def open_embedding(settings: Settings) -> "OnnxEmbedding":
    from knowledge.embedding import OnnxEmbedding

    threads = settings.threads or min(THREADS_AT_MOST, os.cpu_count() or 1)
    return OnnxEmbedding(Store(settings).path(settings.embedding_model), threads=threads)


def index_is_current(settings: Settings, content: Content) -> bool:
    """Whether `open_index` would have nothing to build; answers without importing Chroma."""
    from knowledge.generations import Generations, model_fingerprint
    from knowledge.passages import digest_of, entries_of

    fingerprint = model_fingerprint(Store(settings).path(settings.embedding_model))
    generations = Generations(_folder(settings, content), fingerprint)
    return generations.current(digest_of(entries_of(content))) is not None


def _folder(settings: Settings, content: Content) -> Path:
    """Guides of the same id in different folders keep apart."""
    place = hashlib.sha256(str(content.folder.resolve()).encode()).hexdigest()[:8]
    return settings.index_dir / f"{content.guide.id}-{place}"
