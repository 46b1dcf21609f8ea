"""The authored answers against the shipped question bank, and what a faulty file is told."""

import re
from pathlib import Path
from shutil import copytree

import pytest

from graphs.answerbook import LEVELS, SHIPPED, AnswerBook, AuthoredAnswer, load_answers
from graphs.errors import LoopError
from graphs.persona import AnswerLevel
from knowledge.loader import Content

FIGURE = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fif\w+|twenty|thirty|forty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|percent|half|third|first|once)\b",
    re.I,
)
BEHAVIOURAL = (
    "feedback",
    "mentorship",
    "experimentation-culture",
    "cross-functional-collaboration",
    "ambiguity-and-squads",
)


@pytest.fixture(scope="module")
def answers() -> AnswerBook:
    return load_answers()


def each(answers: AnswerBook, level: AnswerLevel) -> list[tuple[str, AuthoredAnswer]]:
    return [(question, authored.at(level)) for question, authored in answers.authored.items()]


def test_every_authored_question_is_in_the_bank_and_every_row_can_be_probed(
    answers: AnswerBook, content: Content
) -> None:
    for qualified, authored in answers.authored.items():
        topic, _, own = qualified.partition("/")
        question = next(q for q in content.banks[topic].questions if q.id == own)
        for level in LEVELS:
            assert set(authored.at(level).probes) == set(question.rows), (qualified, level)


def test_authored_answers_reach_all_eight_stages_and_every_behavioural_opening(
    answers: AnswerBook, content: Content
) -> None:
    topics = {qualified.partition("/")[0] for qualified in answers.authored}
    openings = {
        f"{topic}/{q.id}"
        for topic in BEHAVIOURAL
        for q in content.banks[topic].questions
        if q.kind == "opening"
    }
    assert len(answers.authored) >= 20
    assert {content.topics[topic].stage for topic in topics} == {stage.id for stage in content.guide.stages}
    assert openings <= set(answers.authored)


def test_answers_are_as_long_as_their_level_asks(answers: AnswerBook) -> None:
    bounds: dict[AnswerLevel, tuple[int, int]] = {"strong": (110, 170), "mixed": (75, 130), "weak": (55, 110)}
    for level, (least, most) in bounds.items():
        for qualified, answer in each(answers, level):
            assert least <= len(answer.text.split()) <= most, (qualified, level)
            assert all(24 <= len(text.split()) <= 60 for text in answer.probes.values()), (qualified, level)
            if answer.demo:
                assert 55 <= len(answer.demo.split()) <= 90, (qualified, level)


def test_strong_and_mixed_answers_have_a_short_variant(answers: AnswerBook) -> None:
    assert all(answer.demo for level in ("strong", "mixed") for _, answer in each(answers, level))


def test_strong_answers_have_figures_and_weak_ones_hardly_any(answers: AnswerBook) -> None:
    strong = [len(FIGURE.findall(answer.text)) for _, answer in each(answers, "strong")]
    weak = [len(FIGURE.findall(answer.text)) for _, answer in each(answers, "weak")]
    assert min(strong) >= 5
    assert max(weak) <= 2


def test_nothing_authored_needs_a_synthesiser_to_guess(answers: AnswerBook) -> None:
    for level in LEVELS:
        for qualified, answer in each(answers, level):
            said = " ".join([answer.text, answer.demo or "", *answer.probes.values()])
            assert not re.findall(r"[^\x20-\x7e]|[\d%&/$<>*]", said), (qualified, level)


def test_a_misspelt_field_is_named_with_file_and_fix(tmp_path: Path) -> None:
    copytree(SHIPPED, folder := tmp_path / "answers")
    file = folder / "feedback.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("    mixed:", "    mixd:", 1), encoding="utf-8")
    with pytest.raises(LoopError, match=r"feedback\.yaml.*mixd(?s:.)*fix: rename it to `mixed`"):
        load_answers(folder)


def test_a_question_answered_twice_is_a_fault(tmp_path: Path) -> None:
    copytree(SHIPPED, folder := tmp_path / "answers")
    (folder / "again.yaml").write_text(
        (folder / "feedback.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(LoopError, match="feedback/q1 is answered twice"):
        load_answers(folder)
