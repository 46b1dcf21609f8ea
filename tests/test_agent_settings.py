from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.settings import Settings, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_every_setting_is_explained_in_the_example_file_and_nothing_else_is() -> None:
    shown = [
        line.removeprefix("# SOUNDCHECK_").split("=")[0].lower()
        for line in EXAMPLE.read_text().splitlines()
        if line.startswith("# SOUNDCHECK_")
    ]
    assert sorted(shown) == sorted(Settings.model_fields)


def test_a_wrong_value_names_the_variable_and_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDCHECK_PATIENCE", "saintly")
    with pytest.raises(SettingsError, match=r"SOUNDCHECK_PATIENCE: .*'quick'.*\.env\.example"):
        load_settings()


def test_the_key_of_an_endpoint_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDCHECK_OPENAI_API_KEY", "sk-very-secret")
    assert "sk-very-secret" not in repr(load_settings())
