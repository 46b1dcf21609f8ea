import asyncio
from pathlib import Path

import pytest
import yaml

from tests.golden import SCRIPTS, play


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_scripted_conversation_goes_word_for_word_as_expected(path: Path) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert asyncio.run(play(script)) == script["expect"]
