import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.datasets import Item
from evals.errors import DatasetError
from evals.runlog import Graded
from evals.saf import Corpus, load_saf
from evals.saf_scores import GRADER, KEYWORDS, score
from evals.short_answers import Reference, ShortAnswerJudge, combine, nearest
from rubrics.errors import LanguageModelUnavailable
from rubrics.grader import UNAVAILABLE
from rubrics.language import Message
from rubrics.models import Evidence, Grade, GradeRequest, Interval
from rubrics.priors import NOTHING
from rubrics.trace import CheckTrace, GradeTrace
from tests.fakes import FakeLanguageModel

POINTS = ("Bread rises because of the yeast.", "Salt slows the yeast down.")
REFERENCE = Reference("Why does bread rise?", " ".join(POINTS))
ANSWER = "I think that yeast makes the bread rise.\nMy aunt bakes."


def xml(question: str, answers: Sequence[tuple[str, str, str]]) -> str:
    body = "".join(
        f'<studentAnswer id="{id_}"><response> {said}\n</response><score> {score}</score>'
        "<verification_feedback>Correct</verification_feedback></studentAnswer>"
        for id_, said, score in answers
    )
    return (
        f'<question id="1"><questionText>{question}</questionText><referenceAnswers><referenceAnswer id="r">'
        f"{REFERENCE.answer}</referenceAnswer></referenceAnswers><studentAnswers>{body}</studentAnswers></question>"
    )


def corpus_in(folder: Path, questions: int = 4, answers: int = 6) -> Path:
    """Better answers say more of the reference."""
    said = f"{REFERENCE.answer} {REFERENCE.answer}".split()
    for part in ("training", "unseen_answers"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for q in range(questions):
            rows = [
                (f"{part}{q}.{n}", " ".join(["well", *said[: 2 * n]]), f"{n / (answers - 1):.2f}")
                for n in range(answers)
            ]
            (folder / part / f"{q}.xml").write_text(xml(f"Question {q}?", rows), encoding="utf-8")
    return folder


def embed(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Letters counted, as unit vectors."""
    counts = np.array([[1 + text.count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32)
    return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)


def says(messages: Sequence[Message]) -> float:
    """Yes where the statement, or the student's answer, has the word yeast."""
    read = messages[1]["content"]
    if "Student's answer: " in read:
        return 2.0 if "yeast" in read.split("Student's answer: ")[1] else -1.0
    return 2.0 if "yeast" in read.split("Statement B")[0] else -1.0


def judge(**options: Any) -> ShortAnswerJudge:
    return ShortAnswerJudge(FakeLanguageModel(**{"judge": says, **options}), [REFERENCE])


def request(answer: str, question: str = REFERENCE.question) -> GradeRequest:
    return GradeRequest(id="a", rubric="saf", question=question, answer=answer)


def check(share: float) -> CheckTrace:
    quote = Evidence(quote="x", start=0, end=1)
    return CheckTrace(
        row="overall", id="c", level=2, log_odds=0, prior=0, adjusted=0, share=share, quote=quote
    )


def test_the_corpus_is_read_with_human_scores_and_split_by_question(tmp_path: Path) -> None:
    corpus = load_saf(corpus_in(tmp_path))
    assert (len(corpus.training), len(corpus.unseen), len(corpus.references)) == (24, 24, 4)
    first = corpus.training[0]
    assert (first.provenance, first.licence, first.answer) == ("human", "MIT", "well")
    assert first.ratings("overall") == {"human": 0.0}
    splits: dict[str, set[str | None]] = {}
    for item in [*corpus.training, *corpus.unseen]:
        splits.setdefault(item.cluster, set()).add(item.split)
    assert all(len(found) == 1 for found in splits.values())
    assert [len(splits[f"saf/{n}"] & {"test"}) for n in range(4)] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (("<score> 0.00", "<score> good"), "'good' is not a number"),
        (("<score> 0.00</score>", ""), "has no score"),
        (("</question>", ""), r"0\.xml: "),
        (("referenceAnswer", "answer"), "there is no referenceAnswer"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: tuple[str, str], fault: str) -> None:
    path = corpus_in(tmp_path) / "training" / "0.xml"
    path.write_text(path.read_text().replace(*damage))
    with pytest.raises(DatasetError, match=fault):
        load_saf(tmp_path)


def test_a_folder_that_is_not_the_corpus_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="fix: name the folder"):
        load_saf(tmp_path)


async def test_points_that_are_said_count_with_the_sentence_that_says_them() -> None:
    trace = await judge().grade_with_trace(request(ANSWER))
    whole, yeast, salt = trace.checks
    assert yeast.quote is not None
    assert yeast.quote.quote == "I think that yeast makes the bread rise."
    assert ANSWER[yeast.quote.start : yeast.quote.end] == yeast.quote.quote
    assert (whole.share, yeast.share) == (1.0, 1.0)
    assert salt.quote is not None
    assert trace.grade.overall == Interval(level=1.0, low=1.0, high=1.0)


async def test_a_point_that_shares_no_word_with_the_answer_costs_no_call_and_is_not_said() -> None:
    model = FakeLanguageModel(judge=says)
    trace = await ShortAnswerJudge(model, [REFERENCE]).grade_with_trace(request("Because it is warm inside."))
    assert [c.quote is None for c in trace.checks] == [False, True, True]
    assert len(model.calls) == 3
    assert trace.grade.overall is not None
    assert trace.grade.overall.level == 0.0


async def test_what_is_known_of_a_question_is_asked_once() -> None:
    model = FakeLanguageModel(judge=says)
    grader = ShortAnswerJudge(model, [REFERENCE])
    await grader.grade_with_trace(request(ANSWER))
    first = len(model.calls)
    await grader.grade_with_trace(request(ANSWER))
    assert (first, len(model.calls)) == (9, 12)
    assert sum(NOTHING in call[1]["content"] for call in model.calls) == 3


async def test_nothing_is_scored_without_words_a_reference_or_a_model() -> None:
    def fail(_: Sequence[Message]) -> float:
        raise LanguageModelUnavailable("cannot reach it")

    reasons = [
        (await grader.grade_with_trace(asked)).grade.reason
        for grader, asked in (
            (judge(), request(" . ")),
            (judge(), request(ANSWER, "Why not?")),
            (judge(judge=fail), request(ANSWER)),
        )
    ]
    assert reasons == [
        "empty: no words were recorded",
        "there is no reference answer to this question",
        f"{UNAVAILABLE}: cannot reach it",
    ]


def test_where_the_question_leaves_a_choice_only_the_best_points_count() -> None:
    choice = Reference("Name two reasons.", "")
    points = [check(0.0), check(0.9), check(0.0), check(0.9)]
    assert combine(choice, check(0.9), points).level == 1.0
    assert combine(Reference("Why?", ""), check(0.9), points).level == 0.6


def test_the_interval_runs_from_what_is_clear_to_what_may_be() -> None:
    level = combine(Reference("Why?", ""), check(0.9), [check(0.35), check(0.0), check(0.9)])
    assert (level.low, level.level, level.high) == (0.5, 0.625, 0.75)


def test_the_nearest_sentence_shares_most_words_that_carry_meaning() -> None:
    answer = "It is because of the air. Yeast makes bread rise."
    span = nearest(POINTS[0], answer)
    assert span is not None
    assert span.of(answer) == "Yeast makes bread rise."
    assert nearest("It is because of the.", answer) is None


def graded(items: Sequence[Item], level: Callable[[Item], float | None]) -> list[Graded]:
    return [Graded(item=item, trace=trace_of(item, float(level(item) or 0)), seconds=2.0) for item in items]


def trace_of(item: Item, level: float) -> GradeTrace:
    grade = Grade(
        id=item.id,
        status="scored",
        reason=None,
        overall=Interval(level=level, low=0.0, high=1.0),
        rows={},
        rubric_version="saf@reference",
        model="fake",
        flags=[],
    )
    return GradeTrace(grade=grade, fit=None, checks=[], prompt_version="p")


def test_figures_stand_beside_rivals_that_do_not_read(tmp_path: Path) -> None:
    corpus = load_saf(corpus_in(tmp_path))
    items = [item for item in corpus.unseen if item.split == "test"]
    scores = score(graded(items, lambda item: item.target("overall")), corpus, embed)
    by_name = {figures.grader: figures for figures in scores.figures}
    assert (scores.answers, scores.questions, scores.seconds_per_answer) == (12, 2, 2.0)
    assert by_name[GRADER].pearson == pytest.approx((1.0, 1.0, 1.0))
    assert by_name[GRADER].rmse == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    assert by_name["majority"].pearson == (None, None, None)
    assert 0.8 < float(by_name["length"].pearson[0] or 0) < 1.0
    assert by_name[KEYWORDS].above_keywords == (0.0, 0.0, 0.0)
    assert json.dumps(scores)


def test_rivals_learn_from_other_questions_only(tmp_path: Path) -> None:
    corpus = load_saf(corpus_in(tmp_path))
    items = [item for item in corpus.unseen if item.split == "test"]
    upside_down = [
        item.model_copy(update={"gold": [rating.model_copy(update={"score": 0.0}) for rating in item.gold]})
        if item.split == "test"
        else item
        for item in corpus.training
    ]
    changed = Corpus(upside_down, corpus.unseen, corpus.references)
    level = graded(items, lambda item: 0.5)
    assert score(level, corpus, embed).figures == score(level, changed, embed).figures
