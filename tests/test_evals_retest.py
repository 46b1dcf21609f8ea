import numpy as np
import pytest

from evals.errors import LogError
from evals.retest import icc, retest
from tests.eval_logs import at_target, ladder, make_log

SHROUT_AND_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=np.float64
)


def test_the_intraclass_correlation_is_that_of_the_published_example() -> None:
    assert icc(SHROUT_AND_FLEISS) == pytest.approx(0.2898, abs=1e-4)


def test_an_answer_whose_whole_level_changes_is_a_flip() -> None:
    items = ladder(2)
    first = make_log(items, at_target)
    second = make_log(items, lambda item, row: (item.target(row) or 0) + (0.6 if item.id == "i003" else 0.2))
    found = retest([first, second])
    assert (found.runs, found.answers, found.flips.value) == (2, 10, 0.1)
    assert found.icc.value is not None
    assert 0.9 < found.icc.value < 1
    assert found.icc.low is not None
    assert found.icc.low <= found.icc.value


def test_runs_of_different_answers_are_no_retest() -> None:
    with pytest.raises(LogError, match="same dataset"):
        retest([make_log(ladder(2)[:5], at_target), make_log(ladder(2)[5:], at_target)])
