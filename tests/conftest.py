"""Shared fixtures. Nothing here loads a model unless a test asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agent.models.store import Store
from agent.room.house import House
from agent.settings import Settings
from knowledge.loader import Content, load_content
from tests.livekit_server import find_server
from tests.room import make_house, visiting


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that keep data in the test's own folder, read no `.env`, and use the models of this machine."""
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def content() -> Content:
    """The shipped guide with everything that belongs to it."""
    return load_content("spotify-staff-ml")


@pytest.fixture(autouse=True)
def _models_are_here(request: pytest.FixtureRequest) -> None:
    """Skips a test marked `models` where their files are missing; where CI=true it fails instead."""
    if request.node.get_closest_marker("models") is None:
        return
    settings: Settings = request.getfixturevalue("settings")
    store = Store(settings)
    missing = [model for model in store.default_ids() if store.state(model) != "ready"]
    if missing:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack(f"missing models: soundcheck models pull {' '.join(missing)}")


@pytest.fixture(autouse=True)
def _livekit_is_here(request: pytest.FixtureRequest) -> None:
    """The same for tests marked `livekit`, where there is no LiveKit server."""
    if request.node.get_closest_marker("livekit") is None or find_server() is not None:
        return
    lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    lack("no LiveKit server: go install github.com/livekit/livekit-server/cmd/server@v1.13.5")


@pytest.fixture
def house(settings: Settings, content: Content) -> House:
    return make_house(settings, content)


@pytest.fixture
def room(house: House) -> Iterator[TestClient]:
    with visiting(house) as client:
        yield client
