"""LiveKit's library for browsers, brought by an npm that the test plays."""

import base64
import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from agent.errors import LiveKitError
from agent.room import client_library
from agent.room.client_library import fetch_library, library_path
from agent.settings import Settings

LIBRARY = b"window.LivekitClient = {};"


@pytest.fixture
def own_cache(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"cache_dir": tmp_path / "cache"})


def play_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    npm = folder / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")


def package(folder: Path) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("package/dist/livekit-client.umd.js")
        member.size = len(LIBRARY)
        archive.addfile(member, io.BytesIO(LIBRARY))
    return path


def test_the_library_is_fetched_once_and_kept_while_it_is_what_it_was(
    own_cache: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package(tmp_path)
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    monkeypatch.setattr(client_library, "SHA512", digest)
    monkeypatch.setattr(client_library, "LIBRARY_SHA256", hashlib.sha256(LIBRARY).hexdigest())
    play_npm(tmp_path, monkeypatch, f'echo "$@" >> {tmp_path}/asked; cp {path} livekit-client.tgz')
    for _ in range(2):
        assert fetch_library(own_cache).read_bytes() == LIBRARY
    asked = "pack livekit-client@2.23.0 --silent --ignore-scripts\n"
    assert (tmp_path / "asked").read_text() == asked
    library_path(own_cache).write_text("// something else")
    assert fetch_library(own_cache).read_bytes() == LIBRARY
    assert (tmp_path / "asked").read_text() == 2 * asked


def test_another_package_than_the_pinned_one_is_refused(
    own_cache: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_npm(tmp_path, monkeypatch, f"cp {package(tmp_path)} livekit-client.tgz")
    with pytest.raises(LiveKitError, match="not the expected package: sha512"):
        fetch_library(own_cache)
    assert not library_path(own_cache).exists()


def test_what_npm_complains_of_is_passed_on(
    own_cache: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_npm(tmp_path, monkeypatch, "echo 'npm error network is unreachable' >&2; exit 1")
    with pytest.raises(LiveKitError, match="npm error network is unreachable"):
        fetch_library(own_cache)


def test_without_npm_the_place_for_the_file_is_named(
    own_cache: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LiveKitError, match=f"npm is missing.*{library_path(own_cache)}"):
        fetch_library(own_cache)
