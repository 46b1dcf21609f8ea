"""The authored ladder for the rubric `screen`: enough to calibrate on, and nothing that the pilot's candidates say."""

from pathlib import Path

import pytest

from evals.calibrating import FEWEST_ANSWERS, FEWEST_QUESTIONS
from evals.datasets import OVERALL, Item, load_jsonl
from graphs.answerbook import LEVELS, script_answers
from knowledge.screening.loader import load_script, shipped_scripts
from knowledge.wording import alike
from rubrics.loader import shipped_rubrics

LADDER = Path(__file__).parent.parent / "evals" / "data" / "ladders" / "screen.jsonl"
NAME = "recruiter-screen-staff-ml"


@pytest.fixture(scope="module")
def ladder() -> list[Item]:
    return load_jsonl(LADDER)


def test_the_ladder_is_large_enough_and_rated_on_every_row(ladder: list[Item]) -> None:
    assert len(ladder) >= FEWEST_ANSWERS
    assert len({item.cluster for item in ladder}) >= FEWEST_QUESTIONS
    rows = [row.id for row in shipped_rubrics()["screen"].rows]
    assert all(item.target(row) is not None for item in ladder for row in [*rows, OVERALL])
    assert {item.provenance for item in ladder} == {"authored"}
    assert {form for item in ladder for form in item.groups["form"]} > {
        "plain",
        "dialect",
        "hedged",
        "nervous",
        "terse",
    }


def test_calibration_and_pilot_share_neither_question_nor_answer(ladder: list[Item]) -> None:
    scripted = [q.text for name in shipped_scripts() for q in load_script(name).script.questions]
    spoken = [
        person.text
        for question in script_answers(NAME).values()
        for level in LEVELS
        for person in (question.at(level, 0), question.at(level, 1))
    ]
    assert max(alike(item.question, text) for item in ladder for text in scripted) < 0.6
    assert max(alike(item.answer, text) for item in ladder for text in spoken) < 0.4


def test_two_people_at_each_level_answer_every_question_of_the_recruiters_script() -> None:
    script, answers = load_script(NAME).script, script_answers(NAME)
    assert set(answers) == {f"{NAME}/{question.id}" for question in script.questions}
    for question in script.questions:
        rows = set(script.competency(question).rows)
        for level in LEVELS:
            first, second = (answers[f"{NAME}/{question.id}"].at(level, seed) for seed in (0, 1))
            assert first.text != second.text
            for person in (first, second):
                assert set(person.probes) == rows
                assert person.demo
                assert len(person.demo.split()) < len(person.text.split())
