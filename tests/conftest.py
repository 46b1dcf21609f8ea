"""Shared fixtures. Nothing here loads a model unless a test asks for it."""

from pathlib import Path

import pytest

from agent.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that keep data in the test's own folder, and use the models of this machine."""
    return Settings(_env_file=None, data_dir=tmp_path / "data")
