import json

import pytest

from agent.language import open_language_model
from agent.settings import Settings
from evals.datasets import load_gold
from evals.judges import RIVALS
from rubrics.loader import shipped_rubrics
from rubrics.models import GradeRequest
from rubrics.trace import GradeTrace
from tests.fakes import FakeLanguageModel

RUBRICS = shipped_rubrics()
ROWS = [row.id for row in RUBRICS["star"].rows]
SCORES = {**dict.fromkeys(ROWS, 3), "action": 5, "overall": 4}


async def judged(reply: str, rubric: str = "star") -> GradeTrace:
    request = GradeRequest(id="a", rubric=rubric, question="Why?", answer="Because I tried it twice.")
    return await RIVALS["naive"](FakeLanguageModel([reply]), RUBRICS).grade_with_trace(request)


async def test_its_scores_are_the_models_own_words() -> None:
    grade = (await judged(json.dumps(SCORES))).grade
    assert grade.overall is not None
    assert grade.overall.level == 4
    assert {row: graded.level for row, graded in grade.rows.items()} == {
        row: score for row, score in SCORES.items() if row != "overall"
    }


@pytest.mark.parametrize(
    "reply",
    ["I would say four.", "{}", json.dumps({**SCORES, "action": 9}), json.dumps({"overall": 4}), "[4]"],
)
async def test_a_reply_that_is_not_the_scores_leaves_the_answer_unscored(reply: str) -> None:
    grade = (await judged(reply)).grade
    assert (grade.status, grade.overall, grade.rows) == ("unscored", None, {})
    assert str(grade.reason).startswith("unreadable")


async def test_an_unknown_rubric_is_named() -> None:
    assert "'stars'" in str((await judged("{}", rubric="stars")).grade.reason)


async def test_it_is_shown_every_anchor_and_the_answer_once() -> None:
    model = FakeLanguageModel([json.dumps(SCORES)])
    request = next(item for item in load_gold() if item.rubric == "star").request()
    await RIVALS["naive"](model, RUBRICS).grade_with_trace(request)
    (call,) = model.calls
    assert all(
        anchor in call[0]["content"] for row in RUBRICS["star"].rows for anchor in row.anchors.values()
    )
    assert call[1]["content"].count(request.answer) == 1


@pytest.mark.models
async def test_the_embedded_model_scores_when_asked_so(settings: Settings) -> None:
    item = load_gold()[0]
    async with open_language_model(settings) as language:
        grade = (await RIVALS["naive"](language, RUBRICS).grade_with_trace(item.request())).grade
    assert grade.status == "scored"
    assert set(grade.rows) == {row.id for row in RUBRICS[item.rubric].rows}
