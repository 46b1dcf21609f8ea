"""Shared fixtures. Nothing here loads a model unless a test asks for it."""

from pathlib import Path

import pytest

from agent.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that keep data in the test's own folder, read no `.env`, and use the models of this machine."""
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "data")
