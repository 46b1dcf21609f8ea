"""Pulling models: what is fetched, what is kept, and what a user is told when it fails."""

import hashlib
import shutil
import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from agent.errors import ModelsError
from agent.models.manifest import Manifest, Model, ModelFile, Part, load_manifest
from agent.models.store import Store
from agent.settings import Settings
from tests.fakes import FakeFetch, FileServer, make_wheel

WEIGHTS = b"weights " * 50_000
CONFIG = b'{"layers": 2}'


def file_of(name: str, data: bytes, *parts: tuple[str, str], **more: Any) -> ModelFile:
    return ModelFile(
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        parts=tuple(Part(wheel=wheel, member=member) for wheel, member in parts),
        **more,
    )


def manifest_of(**fields: Any) -> Manifest:
    model = {"id": "stt", "role": "stt", "title": "Tiny", "licence": "MIT", "home": "https://example.org"}
    return Manifest(models=(Model.model_validate(model | fields),))


class World(NamedTuple):
    store: Store
    fetch: FakeFetch
    wheels: Path
    settings: Settings
    manifest: Manifest


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One model of two files, the weights split over two wheels."""
    index = tmp_path / "index"
    half = len(WEIGHTS) // 2
    wheels = {
        "tiny-1": make_wheel(index, "tiny-1", {"tiny_1/a.bin": WEIGHTS[:half]}),
        "tiny-2": make_wheel(index, "tiny-2", {"tiny_2/b.bin": WEIGHTS[half:], "tiny_2/config.json": CONFIG}),
    }
    weights = file_of("model.bin", WEIGHTS, ("tiny-1", "tiny_1/a.bin"), ("tiny-2", "tiny_2/b.bin"))
    config = file_of("config.json", CONFIG, ("tiny-2", "tiny_2/config.json"))
    manifest = manifest_of(files=(weights, config), wheels=wheels)
    fetch = FakeFetch(index)
    settings = Settings(cache_dir=tmp_path / "cache")
    return World(Store(settings, manifest=manifest, fetch=fetch), fetch, index, settings, manifest)


def leftovers(store: Store) -> list[str]:
    return sorted(p.name for p in store.folder.rglob("*") if p.is_file() and p.name != ".lock")


def test_parts_are_joined_in_order_and_the_wheels_are_dropped(world: World) -> None:
    assert world.store.pull() == ["stt"]
    folder = world.store.path("stt")
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    assert leftovers(world.store) == ["config.json", "model.bin"]


def test_a_model_that_is_here_is_not_fetched_again(world: World) -> None:
    world.store.pull()
    asked = list(world.fetch.asked)
    assert world.store.pull() == []
    assert world.fetch.asked == asked


def test_only_the_wheels_of_missing_files_are_fetched(world: World) -> None:
    world.store.pull()
    (world.store.path("stt") / "config.json").unlink()
    world.fetch.asked.clear()
    world.store.pull()
    assert world.fetch.asked == ["tiny-2"]


def test_an_interrupted_pull_keeps_complete_wheels_and_goes_on_from_there(world: World) -> None:
    world.fetch.interrupt_at = "tiny-2"
    with pytest.raises(KeyboardInterrupt):
        world.store.pull()
    assert world.store.state("stt") == "missing"
    world.fetch.interrupt_at = None
    world.fetch.asked.clear()
    world.store.pull()
    assert world.fetch.asked == ["tiny-2"]
    assert world.store.state("stt") == "ready"


def test_a_damaged_wheel_left_from_earlier_is_fetched_again(world: World) -> None:
    wheels = world.store.folder / ".wheels"
    wheels.mkdir(parents=True)
    (wheels / "tiny_1-1.0-py3-none-any.whl").write_bytes(b"half a wheel")
    world.store.pull()
    assert world.store.state("stt") == "ready"


def test_a_wrong_sum_is_told_and_nothing_gets_the_files_name(world: World) -> None:
    make_wheel(world.wheels, "tiny-1", {"tiny_1/a.bin": b"other bytes"})
    with pytest.raises(ModelsError, match=r"expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}; it was deleted"):
        world.store.pull()
    assert world.store.state("stt") == "missing"
    assert not list(world.store.folder.rglob("model.bin*"))


def test_a_member_larger_than_the_manifest_says_does_not_fill_the_disk(world: World) -> None:
    make_wheel(world.wheels, "tiny-2", {"tiny_2/b.bin": b"", "tiny_2/config.json": b"x" * 10_000_000})
    config = world.manifest.models[0].files[1]
    smaller = Manifest(models=(world.manifest.models[0].model_copy(update={"files": (config,)}),))
    with pytest.raises(ModelsError, match="is not the expected file"):
        Store(world.settings, manifest=smaller, fetch=world.fetch).pull()
    assert not list(world.store.folder.rglob("config.json*"))


def test_a_version_that_the_index_lacks_is_named(world: World) -> None:
    (world.wheels / "tiny_2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelsError, match=r"does not have tiny-2==1\.0"):
        world.store.pull()


def test_a_full_disk_is_noticed_before_anything_is_fetched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ModelsError, match=r"needed while pulling, 1.0 kB free.*SOUNDCHECK_CACHE_DIR"):
        world.store.pull()
    assert world.fetch.asked == []


def test_a_disk_that_fills_up_meanwhile_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.models.pull.Pull._write", full)
    with pytest.raises(ModelsError, match=r"filled up \([0-9,]+ bytes free\)"):
        world.store.pull()


def test_two_pulls_at_once_fetch_everything_once(world: World) -> None:
    def pull() -> None:
        Store(world.settings, manifest=world.manifest, fetch=world.fetch).pull()

    threads = [threading.Thread(target=pull) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(world.fetch.asked) == ["tiny-1", "tiny-2"]
    assert world.store.state("stt") == "ready"


def test_wheels_in_a_folder_are_taken_without_a_network(world: World) -> None:
    world.store.pull(source=world.wheels)
    assert world.fetch.asked == []
    assert world.store.state("stt") == "ready"


def test_model_files_in_a_folder_are_taken_too(world: World, tmp_path: Path) -> None:
    (tmp_path / "usb" / "stt").mkdir(parents=True)
    (tmp_path / "usb" / "stt" / "model.bin").write_bytes(WEIGHTS)
    (tmp_path / "usb" / "config.json").write_bytes(CONFIG)
    world.store.pull(source=tmp_path / "usb")
    assert world.store.verify() == []


def test_a_folder_that_lacks_a_file_is_told_what_to_hold(world: World, tmp_path: Path) -> None:
    with pytest.raises(ModelsError, match=r"stt/\S+ \([\d,]+ bytes\) nor .*tiny_2-1.0-py3-none-any.whl"):
        world.store.pull(source=tmp_path)


def test_verify_reads_every_byte_again(world: World) -> None:
    world.store.pull()
    assert world.store.verify() == []
    damaged = world.store.path("stt") / "model.bin"
    damaged.write_bytes(WEIGHTS[:-1] + b"?")
    assert [(f.path.name, f.what[:6]) for f in world.store.verify()] == [("model.bin", "sha256")]


def test_a_missing_model_is_told_with_the_command_that_mends_it(world: World) -> None:
    with pytest.raises(ModelsError, match="soundcheck models pull stt"):
        world.store.path("stt")


def test_a_model_of_the_users_own_is_a_path(world: World, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.touch()
    assert world.store.path(str(own)) == own
    with pytest.raises(ModelsError, match="neither an entry"):
        world.store.path(str(tmp_path / "nowhere.gguf"))


def test_no_file_of_a_manifest_can_leave_its_models_folder() -> None:
    for name in ("../evil", "/etc/passwd", "a/b", "..", ""):
        with pytest.raises(ValidationError):
            file_of(name, b"x")
        with pytest.raises(ValidationError):
            manifest_of(id=name, files=(file_of("model.bin", b"x"),))


def test_the_second_source_goes_on_at_the_byte_where_it_broke_off(tmp_path: Path) -> None:
    with FileServer({"/model.bin": WEIGHTS}).running() as server:
        weights = file_of("model.bin", WEIGHTS, hub=f"{server.url}/model.bin")
        store = Store(Settings(cache_dir=tmp_path), manifest=manifest_of(files=(weights,)))
        server.cut_after = 50_000
        with pytest.raises(ModelsError, match="what has arrived is kept"):
            store.pull()
        kept = (store.folder / "stt" / "model.bin.part").stat().st_size
        server.cut_after = None
        store.pull()
    assert kept >= 50_000
    assert server.requests[-1] == ("/model.bin", f"bytes={kept}-")
    assert store.verify(["stt"]) == []


def test_a_second_source_with_other_bytes_is_refused(tmp_path: Path) -> None:
    with FileServer({"/model.bin": b"?" * len(WEIGHTS)}).running() as server:
        weights = file_of("model.bin", WEIGHTS, hub=f"{server.url}/model.bin")
        store = Store(Settings(cache_dir=tmp_path), manifest=manifest_of(files=(weights,)))
        with pytest.raises(ModelsError, match="is not the expected file"):
            store.pull()
    assert not list(store.folder.rglob("model.bin*"))


def test_the_shipped_manifest_pins_every_byte_and_names_a_licence() -> None:
    manifest = load_manifest()
    assert {m.id for m in manifest.models} == {
        "language", "language-small", "stt", "stt-small", "tts", "embedding", "editor"
    }  # fmt: skip
    for model in manifest.models:
        assert model.licence in {"Apache-2.0", "MIT", "CC0-1.0"}
        assert {part.wheel for file in model.files for part in file.parts} == set(model.wheels)


def test_models_that_the_settings_replace_are_not_pulled(tmp_path: Path) -> None:
    assert Store(Settings(cache_dir=tmp_path)).default_ids() == [
        "language", "stt", "stt-small", "tts", "embedding", "editor"
    ]  # fmt: skip
    elsewhere = Settings(
        cache_dir=tmp_path, openai_base_url="http://localhost:1/v1", tts_model="/my/voice.onnx"
    )
    assert Store(elsewhere).default_ids() == ["stt", "stt-small", "embedding", "editor"]
