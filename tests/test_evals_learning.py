from random import Random

from evals.learning import learning_curve
from tests.test_evals_calibrating import RUBRIC, log_of, rated


def test_a_learning_curve_has_a_point_for_each_number_of_answers() -> None:
    rng = Random(5)
    points = learning_curve(log_of([rated(n, rng) for n in range(80)]), RUBRIC)
    answers = [point.answers for point in points]
    assert answers == sorted(set(answers))
    assert answers[-1] < 80
    assert all((point.overall.value or 0) > 0.8 for point in points)


def test_a_log_with_too_few_answers_has_no_learning_curve() -> None:
    rng = Random(5)
    assert learning_curve(log_of([rated(n, rng) for n in range(30)]), RUBRIC) == []
