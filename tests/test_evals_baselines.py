from collections.abc import Mapping

import numpy as np

from evals.baselines import rivals
from evals.datasets import Item
from rubrics.loader import shipped_rubrics
from tests.eval_logs import make_item


def _kappa(items: list[Item], levels: Mapping[str, float]) -> float:
    from sklearn.metrics import cohen_kappa_score

    found = [int(np.floor(levels[item.id] + 0.5)) for item in items]
    return float(
        cohen_kappa_score(found, [int(i.target("overall") or 0) for i in items], weights="quadratic")
    )


def _longer_is_better() -> list[Item]:
    return [make_item(n, [1 + n % 5], answer="so " * 3 ** (1 + n % 5)) for n in range(50)]


def test_where_length_is_all_there_is_the_length_baseline_grades_like_the_raters() -> None:
    items = _longer_is_better()
    levels = rivals(items, "overall", {}, None)["length"]
    assert _kappa(items, levels) > 0.95


def test_no_baseline_learns_from_the_question_it_grades() -> None:
    items = _longer_is_better()
    odd = [make_item(90 + n, [6 - n], question=77, answer="so " * 3**n) for n in range(1, 6)]
    levels = rivals([*items, *odd], "overall", {}, None)["length"]
    assert levels["i091"] < levels["i095"]


def test_training_answers_to_a_question_that_is_graded_are_left_out() -> None:
    items = _longer_is_better()
    levels = rivals(items[:5], "overall", {}, [*items[5:], *(make_item(n, [1]) for n in range(4))])
    assert levels["majority"]["i000"] == 1.0
    assert len(set(levels["majority"].values())) == 1
    alone = rivals(items[:5], "overall", {}, [make_item(n, [4]) for n in range(5)])
    assert alone == {}


def test_cue_words_are_those_of_the_row_that_is_graded() -> None:
    star = shipped_rubrics()["star"]
    cues = {row.id: [cue for check in row.checks for cue in check.cues] for row in star.rows}
    items = [
        make_item(n, [1 + n % 5], answer=" ".join(["well", *cues["action"][: 2 * (n % 5)]]))
        for n in range(50)
    ]
    by_row = {row: rivals(items, row, {"star": star}, None)["cue words"] for row in ("action", "result")}
    spread = {row: np.std(list(levels.values())) for row, levels in by_row.items()}
    assert spread["action"] > 1
    assert spread["result"] < spread["action"]
