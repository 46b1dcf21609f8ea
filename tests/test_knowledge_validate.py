from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.loader import Content
from knowledge.validate import guide_problems, lone_file_problems
from knowledge.wording import follow_up_faults, near_duplicates, question_faults
from tests.small_guide import edit, write, write_guide

ROWS = {"staff.depth", "staff.impact", "star.result"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_guide(tmp_path / "guide")


def change(
    folder: Path, alter: Callable[[dict[str, Any]], None], name: str = "questions/chess.yaml"
) -> list[str]:
    """The problems after one file has been altered."""
    value = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    alter(value)
    write(folder / name, value)
    return [f"{p.file.name}: {p.field}: {p.message}" for p in guide_problems(folder, ROWS)]


def question(value: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = value["questions"][0]
    return first


def test_a_sound_guide_has_no_problems(folder: Path) -> None:
    assert guide_problems(folder, ROWS) == []


def test_the_shipped_guide_has_no_problems(content: Content) -> None:
    assert list(map(str, guide_problems(content.folder))) == []


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        (
            lambda v: question(v).update(points=["p1", "p77"]),
            "questions[0].points[1]: there is no point `p77`",
        ),
        (lambda v: v["study"].update(question="q9"), "study.question: there is no question `q9`"),
        (lambda v: question(v).update(id="q2"), "questions[1].id: `q2` is used twice"),
        (
            lambda v: question(v)["follow_ups"].pop("staff.depth"),
            "questions[0].follow_ups: no follow-up for the row",
        ),
        (
            lambda v: question(v).update(rows=["staff.depth", "staff.speed"]),
            "questions[0].rows[1]: no rubric has the row `staff.speed`",
        ),
        (
            lambda v: [q.update(kind="opening") for q in v["questions"]],
            "questions: there is no question of the kind `scenario`",
        ),
        (lambda v: v["questions"].pop(), "questions: 5 entries"),
        (lambda v: question(v).update(text="Tell me about it."), "questions[0].text: 0 question marks"),
        (lambda v: question(v).update(text="Why? And how?"), "questions[0].text: 2 question marks"),
        (
            lambda v: question(v).update(text="so " * 48 + "what?"),
            "questions[0].text: 49 words are too many to say",
        ),
        (
            lambda v: question(v).update(text="Are you married?"),
            "questions[0].text: must not be asked: it asks about family, marriage or pregnancy",
        ),
        (
            lambda v: question(v)["follow_ups"]["staff.depth"].append("Good point! Why?"),
            "questions[0].follow_ups[staff.depth][2]: praises: `Good point!`",
        ),
    ],
)
def test_a_fault_in_the_questions_is_named(
    folder: Path, alter: Callable[[dict[str, Any]], None], expected: str
) -> None:
    assert f"chess.yaml: {expected}" in "\n".join(change(folder, alter))


def test_a_question_asked_in_another_topic_too_is_told_with_the_place_of_the_first(folder: Path) -> None:
    other = yaml.safe_load((folder / "questions" / "baking.yaml").read_text(encoding="utf-8"))
    text = other["questions"][0]["text"].replace("In baking,", "In baking")
    found = change(folder, lambda v: question(v).update(text=text))
    assert any(
        "chess.yaml: questions[0].text: says the same as line" in line and "baking.yaml" in line
        for line in found
    )


def test_a_follow_up_that_says_a_point_is_told(folder: Path) -> None:
    topic = yaml.safe_load((folder / "topics" / "chess.yaml").read_text(encoding="utf-8"))
    leak = f"So: {topic['points'][0]['text'][:-1]}, right?"
    found = change(folder, lambda v: question(v)["follow_ups"]["staff.impact"].append(leak))
    assert "chess.yaml: questions[0].follow_ups[staff.impact][2]: gives away a point of the topic" in found


def test_an_empty_point_is_told(folder: Path) -> None:
    found = change(folder, lambda v: v["points"][2].update(text="  "), "topics/chess.yaml")
    assert "chess.yaml: points[2].text: the text is empty" in found


def test_a_stage_without_topics_and_one_with_an_unknown_rubric_are_told(folder: Path) -> None:
    found = change(folder, lambda v: v["stages"][0].update(topics=[]), "guide.yaml")
    assert "guide.yaml: stages[0].topics: 0 entries" in found
    write_guide(folder.parent / "again")
    found = change(folder.parent / "again", lambda v: v["stages"][0].update(rubrics=["stuff"]), "guide.yaml")
    assert found == ["guide.yaml: stages[0].rubrics[0]: there is no rubric or row `stuff`"]


def test_a_coding_problem_needs_its_files_and_they_must_parse(folder: Path) -> None:
    home = folder / "coding" / "sort"
    home.mkdir(parents=True)
    problem = {
        "id": "sort", "title": "Sort", "kind": "code", "topic": "chess", "statement": "Sort it.",
        "hints": ["One.", "Two."], "complexity": "n log n", "talking_points": ["a", "b", "c"],
    }  # fmt: skip
    write(home / "problem.yaml", problem)
    (home / "starter.py").write_text("def sort(:\n", encoding="utf-8")
    (home / "solution.py").write_text("def sort(): ...\n", encoding="utf-8")
    (home / "tests_visible.py").write_text("x = 1\n", encoding="utf-8")
    found = {p.file.name: p.message for p in guide_problems(folder, ROWS)}
    assert found["starter.py"].startswith("not Python")
    assert found["tests_visible.py"] == "there is no test in it"
    assert found["tests_hidden.py"] == "a problem of the kind `code` needs it"
    assert "solution.py" not in found


def test_a_file_outside_a_guide_is_checked_by_itself(tmp_path: Path, folder: Path) -> None:
    bank = tmp_path / "mine.yaml"
    bank.write_text((folder / "questions" / "chess.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert lone_file_problems(bank, {"topic", "questions"}) == []
    edit(bank, questions=[])
    assert [p.field for p in lone_file_problems(bank, {"topic", "questions"})] == ["questions"]
    assert lone_file_problems(bank, {"colour"})[0].message == "this is no content file"


@pytest.mark.parametrize(
    "text",
    [
        "Great, and what happened next?",
        "Oh, excellent answer. What did it cost?",
        "That's really impressive, so how did you measure it?",
        "I love that. Who else was involved?",
        "Well done. What came after?",
        "What would raise your score here?",
        "Which rubric row does that belong to?",
        "Could you put that in the STAR form?",
        "Is that a Staff-level answer?",
    ],
)
def test_praise_and_talk_of_grading_are_no_follow_ups(text: str) -> None:
    assert follow_up_faults(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "How good was the model before you touched it?",
        "What would a good outcome have looked like?",
        "How did you score the candidates before ranking them?",
        "Which star schema did you choose?",
        "What was interesting to the product manager about it?",
        "How did you grade the severity of incidents?",
    ],
)
def test_ordinary_words_of_the_trade_are_no_praise(text: str) -> None:
    assert follow_up_faults(text, []) == []


def test_a_follow_up_may_be_shorter_than_a_question_only() -> None:
    text = "so " * 36 + "what?"
    assert question_faults(text) == []
    assert follow_up_faults(text, [])


def test_near_duplicates_are_found_whatever_their_order_and_punctuation() -> None:
    texts = [
        "What did you measure before you changed the code, and why?",
        "Who paid for it?",
        "And why: what did you measure before you changed the code?",
        "Who paid for it in the end, and how much?",
    ]
    assert list(near_duplicates(texts)) == [(0, 2)]
