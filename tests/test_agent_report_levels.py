"""From the levels of answers to the level of a stage."""

import random

import pytest

from agent.report.levels import combine, nearest, target, worded
from rubrics.models import Interval
from tests.report_sessions import STAFF, STAR


def _interval(level: float, width: float = 0.5) -> Interval:
    return Interval(level=level, low=max(1.0, level - width), high=min(5.0, level + width))


def test_one_answer_gives_its_own_level_and_interval() -> None:
    assert combine([_interval(3.2)]) == Interval(level=3.2, low=2.7, high=3.7)


def test_no_answer_gives_no_level() -> None:
    assert combine([]) is None


def test_one_lucky_answer_among_three_does_not_lift_the_stage() -> None:
    together = combine([_interval(2.0), _interval(2.2), _interval(5.0)])
    assert together is not None
    assert together.level == 2.2


def test_answers_that_disagree_widen_the_interval() -> None:
    agree, differ = combine([_interval(3.0), _interval(3.0)]), combine([_interval(1.5), _interval(4.5)])
    assert agree is not None
    assert differ is not None
    assert differ.high - differ.low > agree.high - agree.low


def test_a_better_answer_never_lowers_a_level() -> None:
    rng = random.Random(7)
    for _ in range(300):
        levels = [rng.uniform(1, 5) for _ in range(rng.randint(1, 6))]
        raised = list(levels)
        at = rng.randrange(len(raised))
        raised[at] = rng.uniform(raised[at], 5)
        before = combine([_interval(level) for level in levels])
        after = combine([_interval(level) for level in raised])
        assert before is not None
        assert after is not None
        assert (after.level, after.low, after.high) >= (before.level, before.low, before.high)
        assert after.level >= before.level
        assert after.low >= before.low
        assert after.high >= before.high


def test_the_level_lies_within_its_interval() -> None:
    rng = random.Random(11)
    for _ in range(300):
        together = combine(
            [_interval(rng.uniform(1, 5), rng.uniform(0, 1)) for _ in range(rng.randint(1, 6))]
        )
        assert together is not None
        assert together.low <= together.level <= together.high


@pytest.mark.parametrize(("level", "whole"), [(1.0, 1), (2.49, 2), (2.5, 3), (4.4, 4), (5.0, 5)])
def test_a_level_bears_the_name_of_the_nearest_whole_one(level: float, whole: int) -> None:
    assert nearest(level) == whole


def test_the_words_come_from_the_rubric() -> None:
    level = worded(Interval(level=3.4, low=2.9, high=3.9), STAFF)
    assert (level.word, level.low_word, level.high_word) == ("Senior", "Senior", "Staff")


def test_the_target_is_the_level_named_like_the_role_and_four_where_none_is() -> None:
    assert target(STAFF, "senior") == 3
    assert target(STAR, "Staff") == 4
