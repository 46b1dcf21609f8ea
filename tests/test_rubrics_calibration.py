import pytest

from rubrics.calibration import (
    FOLDER,
    MOST_FIGURES,
    figures_of,
    load_calibration,
    shipped_calibrations,
    signals,
)
from rubrics.loader import rubric_version, shipped_rubrics
from rubrics.models import Evidence, Interval
from rubrics.prompts import prompt_version
from rubrics.trace import CheckTrace

QUOTE = Evidence(quote="I cut it", start=0, end=8)


def check(
    share: float = 0.5, *, quote: Evidence | None = QUOTE, cues: int = 1, figures: int = 0
) -> CheckTrace:
    return CheckTrace(
        row="result",
        id="figure",
        level=4,
        log_odds=share,
        prior=0.0,
        adjusted=share,
        share=share,
        quote=quote,
        cues=cues,
        figures=figures,
    )


def test_a_yes_without_a_quote_counts_for_nothing() -> None:
    assert signals(check(5.0, quote=None))[0] == 0.0
    assert signals(check(0.5))[0] == 0.5


def test_more_of_the_same_stops_counting() -> None:
    assert signals(check(9.0)) == signals(check(1.5))
    assert signals(check(cues=5)) == signals(check(cues=50))
    assert figures_of([check(figures=MOST_FIGURES)]) == figures_of([check(figures=60)])


@pytest.mark.parametrize("rubric", ["star", "staff"])
def test_the_shipped_calibration_is_that_of_the_shipped_rubric_and_prompts(rubric: str) -> None:
    """After any change to a check or a prompt: soundcheck eval run --split all, then soundcheck eval calibrate."""
    calibration = load_calibration(FOLDER / f"{rubric}.json")
    assert calibration.rubric_version == rubric_version(shipped_rubrics()[rubric])
    assert calibration.prompts == prompt_version()
    assert calibration.rubric_version in shipped_calibrations(calibration.model, calibration.prompts)


def test_a_calibration_of_another_model_is_not_used() -> None:
    assert shipped_calibrations("another", prompt_version()) == {}


def test_an_overall_level_never_falls_when_a_row_rises() -> None:
    calibration = load_calibration(FOLDER / "star.json")
    rows = {row.id: Interval(level=2.5, low=2, high=3) for row in shipped_rubrics()["star"].rows}
    before = calibration.overall(rows).level
    for row in rows:
        risen = rows | {row: Interval(level=3.5, low=3, high=4)}
        assert calibration.overall(risen).level >= before
