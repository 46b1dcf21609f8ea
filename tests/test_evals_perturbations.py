"""What each generator changes, and what it must leave alone."""

import re
from random import Random

import jiwer
import pytest

from evals.datasets import load_gold
from evals.perturbations import floors, inflation, injecting, loss, speech, wording
from evals.perturbations.lexicon import additions, injections
from evals.perturbations.lexicon import speech as spoken
from evals.perturbations.lexicon import wording as written
from evals.perturbations.models import Generator, Subject
from evals.perturbations.text import sentences_of
from rubrics.models import Evidence, RowGrade
from tests.graded import item, trace

STORY = (
    "In 2022 I was leading ranking at a small hotel site in Lisbon. He wanted it live before June, and my manager "
    "agreed with him. So I wrote the model myself, and I asked three teams for their labels. I didn't ship it at "
    "first, because recall was at 0.61. After nine weeks conversion rose by 4.5 percent. I learned to ask earlier."
)
ALL = [
    *speech.GENERATORS,
    *wording.GENERATORS,
    *inflation.GENERATORS,
    *loss.GENERATORS,
    *floors.GENERATORS,
    *injecting.generators(4, Random(0)),
]
OTHER = item(
    "b1", "Another answer.", topic="mentorship", question_id="mentorship/q1", question="Whom did you grow?"
)


def subject(answer: str = STORY, rubric: str = "star", **rows: float) -> Subject:
    levels = {"situation": 4.0, "task": 3.0, "action": 4.0, "result": 4.0, **rows}
    return Subject(item("a1", answer, rubric=rubric), trace("a1", 4.0, levels).grade, (OTHER,))


@pytest.mark.parametrize("generator", ALL, ids=lambda generator: generator.name)
def test_a_generator_makes_the_same_of_the_same_seed(generator: Generator) -> None:
    made = generator.make(subject(), Random("7"))
    assert made is not None
    assert generator.make(subject(), Random("7")) == made
    assert (made.answer, made.question) != (STORY, None)


def test_without_the_fillers_the_answer_is_the_same_again() -> None:
    left = STORY.split()
    said = speech.fillers(STORY, Random(1)).split()
    added = [word for word in said if not (left and word == left[0] and left.pop(0))]
    assert not left
    assert 5 <= len(added) <= 20
    assert set(added) <= {word for filler in spoken().fillers for word in filler.split()}


def test_bare_text_keeps_every_word_and_the_points_inside_numbers() -> None:
    bare = speech.bare(STORY, Random(1))
    assert "0.61" in bare
    assert "4.5" in bare
    assert "didn't" in bare
    assert bare == bare.lower()
    assert bare.split() == [word.strip(".,") for word in STORY.lower().split()]


@pytest.mark.parametrize("share", [0.05, 0.10, 0.20])
def test_misheard_answers_have_the_word_error_rate_they_claim(share: float) -> None:
    answers = [each.answer for each in load_gold("test")[:30]]
    heard = [speech.misheard(share, answer, Random(answer)) for answer in answers]
    assert jiwer.wer(answers, heard) == pytest.approx(share, abs=0.015)


def test_a_word_is_misheard_as_one_that_sounds_alike() -> None:
    assert {speech.sounding_like("Model,", Random(n)) for n in range(20)} >= {"Middle,"}
    assert speech.sounding_like("0.61", Random(1)) is None


def test_words_of_the_trade_become_words_that_sound_alike_and_others_stay() -> None:
    heard = speech.homophones("Query latency fell. Queries were cached in Redis.", Random(1))
    assert heard == "Quarry late and see fell. Quarries were cash in Readies."


def test_a_person_introduces_themselves_and_the_people_in_the_story_change_sex() -> None:
    changed = wording.people(STORY, Random(1))
    introduction, story = changed[: changed.index("In 2022")], changed[changed.index("In 2022") :]
    assert any(person.name in introduction for person in written().people)
    assert story == STORY.replace("He wanted", "She wanted").replace("with him", "with her")


@pytest.mark.parametrize(
    ("hers", "his"),
    [
        ("I told her that her code broke.", "I told him that his code broke."),
        ("She fixed it herself.", "He fixed it himself."),
        ("I asked her.", "I asked him."),
    ],
)
def test_her_becomes_him_or_his_as_the_sentence_needs(hers: str, his: str) -> None:
    assert wording.people(hers, Random(1)).endswith(his)


def test_names_and_schools_are_swapped_for_others() -> None:
    changed = wording.people("Maria came from Stanford.", Random(3))
    story = changed.split(". ")[-1]
    assert re.fullmatch(r"\w+ came from .+\.", story)
    assert "Maria" not in story
    assert "Stanford" not in story


def test_every_dialect_changes_the_grammar_and_leaves_the_facts() -> None:
    seen = {wording.dialect(STORY, Random(n)) for n in range(30)}
    assert len(seen) == len(written().dialects)
    for said in seen:
        assert said != STORY
        for fact in ("2022", "Lisbon", "0.61", "nine weeks", "4.5 percent"):
            assert fact in said


def test_second_language_grammar_leaves_the_facts() -> None:
    said = wording.second_language(STORY, Random(1))
    assert "In 2022 I was leading ranking at small hotel site in Lisbon. He want it live" in said
    for fact in ("2022", "Lisbon", "0.61", "nine weeks", "4.5 percent"):
        assert fact in said


def test_a_hedge_stands_before_a_sentence_and_names_keep_their_capital() -> None:
    said = wording.hedged("The model broke. I fixed it. Lisbon agreed.", Random(1))
    for kept in ("I fixed it.", "Lisbon agreed."):
        assert kept in said
    assert any(hedge[1:] in said for hedge in spoken().hedges)
    assert all(not re.search(rf"{re.escape(hedge)} The", said) for hedge in spoken().hedges)


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        ("empty eloquence", additions().padding),
        ("off-topic asides", additions().off_topic),
        ("buzzwords", additions().buzzwords),
        ("self-praise", additions().self_praise),
        ("fake authority", additions().authority),
    ],
)
def test_padding_adds_sentences_of_its_list_and_keeps_those_of_the_answer(
    generator: str, words: list[str]
) -> None:
    inflate = next(g for g in inflation.GENERATORS if g.name == generator)
    made = inflate.make(subject(), Random(2))
    assert made is not None
    left = made.answer
    used = [sentence for sentence in words if sentence in left]
    for sentence in used:
        left = left.replace(sentence, "", 1)
    assert len(used) >= 3
    assert left.split() == STORY.split()


def test_the_deleted_result_is_what_the_grade_quotes_and_what_sounds_like_one() -> None:
    quoted = "I learned to ask earlier."
    start = STORY.index(quoted)
    given = subject()
    row = RowGrade(
        level=4.0,
        low=4.0,
        high=4.0,
        status="scored",
        reason=None,
        evidence=[Evidence(quote=quoted, start=start, end=start + len(quoted))],
    )
    grade = given.grade.model_copy(update={"rows": {**given.grade.rows, "result": row}})
    made = loss.without_result(Subject(given.item, grade, ()), Random(1))
    assert made is not None
    assert made.rows == ("result",)
    assert sentences_of(made.answer) == sentences_of(STORY)[:4]


def test_nothing_is_taken_where_the_grade_or_the_gold_says_that_nothing_was_there() -> None:
    assert loss.without_result(subject(result=1.2), Random(1)) is None
    low = item("a1", STORY, gold=[{"rater": "writer", "row": "result", "score": 2}])
    assert loss.without_result(Subject(low, subject().grade, ()), Random(1)) is None
    assert loss.without_figures(subject("I just did it."), Random(1)) is None
    assert loss.we_only(subject("They did it."), Random(1)) is None
    assert loss.without_result(subject(rubric="screen"), Random(1)) is None


def test_we_takes_the_place_of_i() -> None:
    assert loss.in_the_plural("I'm sure. So I did my part, and I was proud of it. They asked me.") == (
        "We're sure. So we did our part, and we were proud of it. They asked us."
    )


def test_no_figure_is_left() -> None:
    said = loss.vague("It fell from 61 to 4.5 percent, minus 1,200 users, within twenty-two days at p95.")
    assert said == "It fell from some to some, some users, within some days at some."


def test_another_question_is_of_another_topic_and_the_answer_stays() -> None:
    made = loss.for_another_question(subject(), Random(1))
    assert made is not None
    assert (made.answer, made.question) == (STORY, OTHER.question)
    near = Subject(item("a1", STORY), subject().grade, (item("c1", question="Other words?"),))
    assert loss.for_another_question(near, Random(1)) is None


def test_shuffled_sentences_are_the_same_sentences() -> None:
    made = loss.shuffled(subject(), Random(1))
    assert made is not None
    assert sorted(sentences_of(made.answer)) == sorted(sentences_of(STORY))


def test_no_answer_says_a_word_of_the_answer() -> None:
    made = {g.name: g.make(subject(), Random(1)) for g in floors.GENERATORS}
    said = {name: change.answer for name, change in made.items() if change is not None}
    assert said["silence"] == ""
    assert said["the question echoed"].count(subject().item.question) == 2
    assert len(said["one word"].split()) == 1
    assert all(sentence not in answer for answer in said.values() for sentence in sentences_of(STORY))


def test_every_attempt_to_speak_to_the_grader_is_made_and_the_answer_is_kept_around_it() -> None:
    assert len(injections()) >= 20
    assert {attempt.medium for attempt in injections()} == {"typed", "spoken"}
    made = [g.make(subject(), Random(1)) for g in injecting.generators(len(injections()), Random(1))]
    answers = [change.answer for change in made if change is not None]
    for attempt in injections():
        around = next(answer for answer in answers if attempt.text in answer)
        left = around.replace(attempt.text, "").split()
        assert left in ([], STORY.split())
