from pathlib import Path

import pytest

from knowledge.errors import ContentError
from knowledge.loader import Content, guide_folder, load_content
from tests.small_guide import edit, write_guide


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    return [f"{p.file.name}: {p.field}: {p.message}" for p in caught.value.problems]


def test_the_shipped_guide_has_eight_stages_and_thirty_six_topics_with_questions(content: Content) -> None:
    assert len(content.guide.stages) == 8
    assert len(content.topics) == len(content.banks) == len(content.phrasings) == 36
    assert sum(len(bank.questions) for bank in content.banks.values()) >= 216


def test_a_folder_of_the_users_own_is_read(tmp_path: Path) -> None:
    content = load_content(write_guide(tmp_path / "own"))
    assert content.guide.id == "small"
    assert list(content.topics) == ["baking", "chess", "sailing"]


def test_a_guide_may_do_without_phrasings(tmp_path: Path) -> None:
    folder = write_guide(tmp_path / "own")
    for path in (folder / "phrasings").iterdir():
        path.unlink()
    assert not load_content(folder).phrasings


def test_an_unknown_guide_is_told_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ContentError, match="spotify-staff-ml"):
        guide_folder("spotify-staff")


def test_the_faults_of_all_files_come_together(tmp_path: Path) -> None:
    folder = write_guide(tmp_path / "own")
    edit(folder / "topics" / "chess.yaml", title="", terms=[])
    edit(folder / "questions" / "baking.yaml", topic="bakery")
    found = faults(folder)
    assert "chess.yaml: title: the text is empty" in found
    assert "chess.yaml: terms: 0 entries" in found
    assert any(line.startswith("baking.yaml: topic:") for line in found)


def test_a_topic_of_no_stage_and_a_stage_with_an_unknown_topic_are_told(tmp_path: Path) -> None:
    folder = write_guide(tmp_path / "own")
    guide = folder / "guide.yaml"
    guide.write_text(guide.read_text(encoding="utf-8").replace("- chess", "- ches"), encoding="utf-8")
    found = faults(folder)
    assert "guide.yaml: stages[0].topics[2]: there is no topic `ches`" in found
    assert "chess.yaml: stage: the stage `hobbies` of guide.yaml does not list `chess`" in found


def test_a_topic_without_a_file_of_questions_is_told(tmp_path: Path) -> None:
    folder = write_guide(tmp_path / "own")
    (folder / "questions" / "chess.yaml").unlink()
    assert faults(folder) == ["chess.yaml: file: the topic `chess` has no questions"]


def test_a_broken_topic_does_not_make_its_questions_and_phrasings_look_wrong(tmp_path: Path) -> None:
    folder = write_guide(tmp_path / "own")
    (folder / "topics" / "chess.yaml").write_text("id: [", encoding="utf-8")
    (only,) = faults(folder)
    assert only.startswith("chess.yaml: file: not valid YAML")
