from pathlib import Path
from random import Random

import pytest

from evals.calibrating import calibrate
from evals.datasets import Item, Rating
from evals.errors import EvalError
from evals.runlog import Graded, RunLog, new_card
from rubrics.calibration import Calibration, load_calibration, save_calibration
from rubrics.errors import RubricError
from rubrics.levels import combine
from rubrics.loader import rubric_version, shipped_rubrics
from rubrics.models import Evidence, Grade, RowGrade, Rubric
from rubrics.trace import CheckTrace, GradeTrace

RUBRIC = shipped_rubrics()["star"]
QUOTE = Evidence(quote="I did", start=0, end=5)


def checks_of(levels: dict[str, int], rng: Random) -> list[CheckTrace]:
    """Clear for the checks up to the row's level, near nothing for the others, with some noise."""
    made = []
    for row in RUBRIC.rows:
        for check in row.checks:
            met = check.level <= levels[row.id]
            share = (0.9 if met else 0.1) + rng.uniform(-0.1, 0.1)
            made.append(
                CheckTrace(
                    row=row.id,
                    id=check.id,
                    level=check.level,
                    log_odds=share,
                    prior=0.0,
                    adjusted=share,
                    share=share,
                    quote=QUOTE if met else None,
                    cues=int(met),
                )
            )
    return made


def rated(number: int, rng: Random, split: str = "calibration") -> Graded:
    levels = {row.id: rng.randint(1, 5) for row in RUBRIC.rows}
    overall = round(sum(levels.values()) / len(levels))
    item = Item(
        id=f"{split}{number}",
        rubric="star",
        question_id=f"{split}{number // 5}",
        question="How?",
        answer="I did.",
        gold=[
            Rating(rater="a", row=row, score=level) for row, level in {**levels, "overall": overall}.items()
        ],
        split=split,  # type: ignore[arg-type]  # validated by the model
        provenance="authored",
        licence="Apache-2.0",
    )
    grade = Grade(
        id=item.id,
        status="scored",
        reason=None,
        overall=None,
        rows={row: RowGrade.unscored("not combined yet") for row in levels},
        rubric_version=rubric_version(RUBRIC),
        model="fake",
        flags=[],
    )
    trace = GradeTrace(grade=grade, fit=1.0, checks=checks_of(levels, rng), prompt_version="p")
    return Graded(item=item, trace=trace, seconds=1.0)


def with_share(graded: Graded, share: float) -> Graded:
    """As graded by a model that says the same to every check."""
    checks = [check.model_copy(update={"share": share}) for check in graded.trace.checks]
    return graded.model_copy(update={"trace": graded.trace.model_copy(update={"checks": checks})})


def turned(graded: Graded) -> Graded:
    """Rated the other way round."""
    gold = [rating.model_copy(update={"score": 6 - rating.score}) for rating in graded.item.gold]
    return graded.model_copy(update={"item": graded.item.model_copy(update={"gold": gold})})


def log_of(graded: list[Graded]) -> RunLog:
    items = [each.item for each in graded]
    card = new_card(items, dataset="d", grader="checks", model="fake", rubrics={}, prompts="p", seed=0)
    return RunLog(card=card, graded=graded)


def fitted(rubric: Rubric = RUBRIC) -> Calibration:
    rng = Random(5)
    return calibrate(log_of([rated(n, rng) for n in range(60)]), rubric)


def test_levels_learnt_from_ratings_come_close_to_new_ones() -> None:
    calibration, rng = fitted(), Random(6)
    errors = []
    for each in (rated(n, rng, "validation") for n in range(30)):
        rows, overall = combine(calibration, RUBRIC.rows, each.trace.checks, 1.0)
        errors += [abs(rows[row.id].level - (each.item.target(row.id) or 0)) for row in RUBRIC.rows]
        errors.append(abs(overall.level - (each.item.target("overall") or 0)))
    assert sum(errors) / len(errors) < 0.5


def test_no_check_and_no_row_can_lower_a_level() -> None:
    calibration = fitted()
    weights = [w for row in calibration.rows.values() for c in row.checks.values() for w in (c.shown, c.said)]
    assert min([*weights, *calibration.overall_fit.rows.values()]) >= 0
    assert max(weights) > 0


def test_the_model_is_asked_about_upper_levels_only_and_only_where_its_yes_adds_something() -> None:
    rng = Random(5)
    deaf = [with_share(rated(n, rng), 0.0) for n in range(60)]
    for calibration, some in ((fitted(), True), (calibrate(log_of(deaf), RUBRIC), False)):
        asked = [c for row in RUBRIC.rows for c in row.checks if calibration.asks(row.id, c.id)]
        assert bool(asked) == some
        assert all(check.level >= 4 for check in asked)


def test_test_answers_are_never_learnt_from() -> None:
    rng = Random(5)
    known = [rated(n, rng) for n in range(60)]
    unseen = [rated(n, Random(9), "test") for n in range(60)]
    assert calibrate(log_of(known + unseen), RUBRIC) == calibrate(log_of(known), RUBRIC)


def test_intervals_are_as_wide_as_errors_on_validation_answers() -> None:
    rng = Random(5)
    known = [rated(n, rng) for n in range(60)]
    alike = [rated(n, rng, "validation") for n in range(25)]
    odd = [turned(each) for each in alike]
    widths = [calibrate(log_of(known + more), RUBRIC).overall_fit.half_width for more in (alike, odd)]
    assert widths[1] > widths[0]


def test_too_few_answers_are_refused_with_their_number() -> None:
    rng = Random(5)
    with pytest.raises(EvalError, match="star: 10 rated answers to 2 questions are too few"):
        calibrate(log_of([rated(n, rng) for n in range(10)]), RUBRIC)


def test_a_calibration_survives_its_file_and_a_broken_one_is_named(tmp_path: Path) -> None:
    calibration = fitted()
    path = save_calibration(calibration, tmp_path)
    assert load_calibration(path) == calibration
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RubricError, match=r"star\.json: cannot be used"):
        load_calibration(path)
