from pathlib import Path

import pytest

from graphs.errors import LoopError
from graphs.persona import SHIPPED, load_persona, shipped_personas

NINE = ["manipulative", "mixed", "nervous", "off-topic", "rambling", "silent", "strong", "terse", "weak"]


def test_nine_personas_are_shipped_under_their_own_names() -> None:
    assert shipped_personas() == NINE
    assert [load_persona(name).id for name in NINE] == NINE


def test_every_persona_says_which_level_it_shows_by_rubric() -> None:
    assert all(set(load_persona(name).levels) == {"screen", "star", "staff", "code"} for name in NINE)
    assert set(load_persona("silent").levels.values()) == {None}


def test_an_unknown_candidate_is_told_who_there_is() -> None:
    with pytest.raises(LoopError, match=r"stronk.*\n.*fix: use one of manipulative, mixed"):
        load_persona("stronk")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoopError, match=r"nobody\.yaml"):
        load_persona(tmp_path / "nobody.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("pace: 0.92", "pase: 0.92", "rename it to `pace`"),
        ("pace: 0.92", "pace: 9", "manner.pace"),
        ("think_s: [0.8, 1.6]", "think_s: [1.6, 0.8]", "the smaller first"),
        ("level: strong", "level: superb", "answering.level"),
        ("level: strong", "level: strong\n  besides: 0.5", "there are no `lines` to say"),
        ("level: strong", "level: strong\n  shape: rambling", "there are no `lines` to say"),
        (
            "level: strong",
            "level: strong\n  nothing: 0.7\n  instead: 0.7\n  lines: [Hm.]",
            "add up to more than 1",
        ),
    ],
)
def test_a_faulty_persona_names_file_field_and_fix(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    text = (SHIPPED / "strong.yaml").read_text(encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace(written, instead), encoding="utf-8")
    with pytest.raises(LoopError) as caught:
        load_persona(file)
    assert told in str(caught.value)
    assert "mine.yaml" in str(caught.value)
    assert "fix:" in str(caught.value)


def test_a_persona_of_ones_own_is_loaded_by_path(tmp_path: Path) -> None:
    text = (SHIPPED / "terse.yaml").read_text(encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("id: terse", "id: mine"), encoding="utf-8")
    assert load_persona(str(file)).id == "mine"
