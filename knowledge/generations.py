"""Where built indexes lie: a new folder for each build, never changed once it is sealed.

Because a sealed folder is never written to, readers need no lock, and a build that is killed leaves only a folder
without a seal, which the next build removes. Chroma is not imported here: asking whether an index is current is quick.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from knowledge.errors import IndexUnavailable

SCHEMA = 2
"""To be raised whenever the way in which an index is built or laid out changes."""
SEAL = "complete.json"
MODEL_FILES = ("model.onnx", "tokenizer.json")
DATABASE = "chroma.sqlite3"
KEPT_BEHIND = 1
"""Older indexes left in place: another process may still be reading the last one."""


def model_fingerprint(folder: Path) -> str:
    """Changes whenever the embedding model or its tokenizer does: vectors of different models do not compare."""
    digest = hashlib.sha256()
    for name in MODEL_FILES:
        path = folder / name
        if not path.is_file():
            raise IndexUnavailable(f"{path}: no such file\n  fix: soundcheck models pull embedding")
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Generations:
    """The indexes of one guide, all in one folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self._model = f"v{SCHEMA}-{fingerprint[:12]}"

    def current(self, digest: str) -> Path | None:
        """The index of exactly this content by this model, if there is one whose bytes are as they were written."""
        return next(filter(is_sound, self._sealed(f"{self._model}-{digest[:16]}-*")), None)

    def damaged(self, digest: str) -> list[Path]:
        return [path for path in self._sealed(f"{self._model}-{digest[:16]}-*") if not is_sound(path)]

    def newest(self) -> Path | None:
        """The last sound index built with the same model: its vectors can be used again."""
        return next(filter(is_sound, self._sealed(f"{self._model}-*")), None)

    def new(self, digest: str) -> Path:
        path = self.folder / f"{self._model}-{digest[:16]}-{uuid4().hex[:8]}"
        path.mkdir(parents=True)
        return path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held by the one process of this machine that builds."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / ".lock")
            with lock:
                yield
        except OSError as error:
            raise IndexUnavailable(
                f"cannot write the search index to {self.folder}: {error}\n"
                "  fix: make room there, or set SOUNDCHECK_CACHE_DIR to another folder"
            ) from error

    def prune(self, current: Path) -> None:
        """Removes what is neither current nor the last one before it. Call it with the lock held."""
        older = [path for path in self._sealed("*") if path != current]
        spared = {current, *older[:KEPT_BEHIND]}
        for path in self.folder.iterdir():
            if path.is_dir() and path not in spared:
                shutil.rmtree(path, ignore_errors=True)

    def _sealed(self, pattern: str) -> list[Path]:
        """Newest first."""
        found = [path for path in self.folder.glob(pattern) if (path / SEAL).is_file()]
        return sorted(found, key=lambda path: (path / SEAL).stat().st_mtime_ns, reverse=True)


def seal(folder: Path) -> None:
    """Marks an index as complete and notes the sums of its files."""
    (folder / SEAL).write_text(json.dumps(_sums(folder), indent=1), encoding="utf-8")


def is_sound(folder: Path) -> bool:
    """Whether every byte is as it was sealed, and the database, which Chroma touches on opening, is well-formed."""
    try:
        as_sealed = json.loads((folder / SEAL).read_text(encoding="utf-8")) == _sums(folder)
    except (OSError, ValueError):
        return False
    return as_sealed and _is_database(folder / DATABASE)


def _sums(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    fixed = [path for path in files if path.name != SEAL and not path.name.startswith(DATABASE)]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in fixed
    }


def _is_database(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
