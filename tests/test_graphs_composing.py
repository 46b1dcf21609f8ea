"""Answers to questions that nobody wrote an answer for."""

import re
from collections import Counter

import pytest

from graphs.answerbook import LEVELS, AnswerBook, load_answers
from graphs.composing import Asked, Composer, misguided, plainly, said_aloud
from graphs.persona import AnswerLevel
from knowledge.loader import Content

FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|fourteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand|million|percent|half|third|weeks|months)\b",
    re.I,
)


@pytest.fixture(scope="module")
def answers() -> AnswerBook:
    return load_answers()


def every_question(content: Content) -> list[Asked]:
    asked = []
    for bank in content.banks.values():
        topic = content.topics[bank.topic]
        for q in bank.questions:
            points = [(point.text, point.why) for point in topic.points if point.id in q.points]
            question = f"{bank.topic}/{q.id}"
            asked.append(Asked(question, q.text, q.rows, points, topic.terms, topic.mistakes))
    return asked


@pytest.mark.parametrize("level", LEVELS)
def test_no_answer_to_a_hundred_questions_is_the_same_as_another(
    content: Content, answers: AnswerBook, level: AnswerLevel
) -> None:
    composer = Composer(answers.unseen[level], seed=7)
    said = [composer.answer(asked) for asked in every_question(content)[::2]]
    assert len(said) > 100
    assert max(Counter(said).values()) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_every_answer_is_whole_sentences_without_a_trace_of_its_making(
    content: Content, answers: AnswerBook, level: AnswerLevel
) -> None:
    composer = Composer(answers.unseen[level], seed=1)
    for asked in every_question(content):
        said = composer.answer(asked)
        assert not re.search(r"[{}]| - |\s{2}|\.\.|,\.|\"", said), said
        assert all(s[0].isupper() or not s[0].isalpha() for s in re.split(r"(?<=[.?]) ", said)), said
        assert said[-1] == ".", said
        assert 20 <= len(said.split()) <= 260, said


def test_strong_answers_have_figures_and_weak_ones_do_not(content: Content, answers: AnswerBook) -> None:
    strong, weak = (Composer(answers.unseen[level], seed=2) for level in ("strong", "weak"))
    asked = [a for a in every_question(content) if a.rubric in ("staff", "star")][::3]
    assert min(len(FIGURE.findall(strong.answer(a))) for a in asked) >= 3
    assert sum(len(FIGURE.findall(weak.answer(a))) for a in asked) < 0.2 * len(asked)


def test_a_strong_technical_answer_draws_on_the_invited_points(content: Content, answers: AnswerBook) -> None:
    composer = Composer(answers.unseen["strong"], seed=3)
    asked = next(a for a in every_question(content) if a.id == "cold-start/q4")
    said = composer.answer(asked)
    assert any(said_aloud(text)[1:60] in said for text, _ in asked.points)


def test_the_same_seed_gives_the_same_words_and_another_seed_others(
    content: Content, answers: AnswerBook
) -> None:
    asked = every_question(content)[:5]
    first, again, other = (Composer(answers.unseen["mixed"], seed) for seed in (4, 4, 5))
    said = [first.answer(a) for a in asked]
    assert said == [again.answer(a) for a in asked]
    assert said != [other.answer(a) for a in asked]


def test_a_story_told_before_is_referred_to_and_not_told_again(content: Content, answers: AnswerBook) -> None:
    composer = Composer(answers.unseen["strong"], seed=6)
    openings = [o for story in answers.unseen["strong"].stories for o in story.opening]
    said = [composer.answer(asked) for asked in every_question(content) if asked.rubric == "staff"]
    assert max(sum(opening in text for text in said) for opening in openings) == 1


def test_an_addition_is_about_the_row_asked_for_and_given_once(content: Content, answers: AnswerBook) -> None:
    composer = Composer(answers.unseen["strong"], seed=8)
    asked = next(a for a in every_question(content) if a.id == "cold-start/q3")
    composer.answer(asked)
    scale = {t for s in answers.unseen["strong"].stories for t in s.rows.get("staff.scale", [])}
    first, second = composer.addition(asked, "staff.scale"), composer.addition(asked, "staff.scale")
    assert first in scale
    assert second not in scale


def test_a_short_answer_is_about_half_as_long(content: Content, answers: AnswerBook) -> None:
    long, short = (Composer(answers.unseen["strong"], seed=9) for _ in range(2))
    questions = every_question(content)[:90:6]
    words = [
        sum(len(c.answer(a, short=s).split()) for a in questions) for c, s in ((long, False), (short, True))
    ]
    assert 0.4 * words[0] < words[1] < 0.65 * words[0]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (
            "Split listening data by time and by listener, since random splits leak.",
            "Split listening data by time and by listener.",
        ),
        ("Retrieve 1,000 tracks in 20 ms, then rank them with a deep model.", None),
        ("A short one.", None),
    ],
)
def test_a_point_is_said_plainly_without_figures_and_examples(written: str, plain: str | None) -> None:
    assert plainly(written) == plain


def test_a_mistake_of_doing_is_recommended_and_one_of_telling_is_not() -> None:
    assert misguided("Treating every unplayed track as a negative example.") == (
        "treating every unplayed track as a negative example"
    )
    assert misguided("Telling only of wins, so the listener cannot see how.") is None
    assert misguided("No answer for what the listener sees.") is None
