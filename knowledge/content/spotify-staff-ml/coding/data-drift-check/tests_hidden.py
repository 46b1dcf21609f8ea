import math

import numpy as np
import pytest
from solution import ks, psi

NAN = float("nan")
FLOOR = 1e-4


def term(r, c):
    r, c = max(r, FLOOR), max(c, FLOOR)
    return (c - r) * math.log(c / r)


def test_values_outside_the_range_of_the_reference_fall_into_the_end_bins():
    reference = np.arange(100.0)
    below, above = psi(reference, [-1e9] * 10, bins=4), psi(reference, [1e9] * 10, bins=4)
    expected = 3 * term(0.25, 0) + term(0.25, 1)
    assert below == pytest.approx(expected)
    assert above == pytest.approx(expected)


def test_bins_come_from_the_reference_and_hold_equal_shares_of_it():
    reference = np.exp(np.linspace(0, 12, 1_000))
    current = reference[:500]
    assert psi(reference, current, bins=2) == pytest.approx(term(0.5, 1) + term(0.5, 0))


def test_a_value_on_an_edge_belongs_to_the_bin_below():
    reference = [0.0, 1.0, 2.0]
    assert psi(reference, [1.0], bins=2) == pytest.approx(term(2 / 3, 1) + term(1 / 3, 0))


def test_a_spike_has_a_bin_of_its_own():
    reference = [0.0] * 80 + list(np.arange(1, 21))
    dips_below = [-1.0] * 80 + list(np.arange(1, 21))
    assert psi(reference, reference) == 0
    assert psi(reference, dips_below) == pytest.approx(term(0.8, 0) + term(0, 0.8))


@pytest.mark.parametrize("value", [4.0, 6.0])
def test_a_constant_that_becomes_another_constant_is_noticed_in_both_directions(value):
    assert psi([5.0] * 50, [value] * 50) == pytest.approx(term(1, 0) + term(0, 1))


def test_a_change_in_missing_values_alone_is_drift():
    reference = [1.0, 2.0, 3.0, 4.0]
    assert psi(reference, [1.0, 2.0, 3.0, 4.0, NAN, NAN, NAN, NAN], bins=2) == pytest.approx(
        2 * term(0.5, 0.25) + term(0, 0.5)
    )


def test_a_reference_of_only_missing_values_still_gives_an_index():
    assert psi([NAN, NAN], [NAN]) == 0
    assert psi([NAN, NAN], [1.0, -1.0]) == pytest.approx(term(1, 0) + term(0, 1))


def test_a_current_sample_of_only_missing_values_still_gives_an_index():
    assert psi([1.0, 2.0], [NAN], bins=2) == pytest.approx(2 * term(0.5, 0) + term(0, 1))


def test_ties_are_stepped_over_at_once():
    assert ks([1, 1, 1, 2], [1, 1, 1, 2]) == 0
    assert ks([1, 1, 2, 2], [1, 2, 2, 2]) == 0.25


def test_the_statistic_is_symmetric_and_ignores_missing_values_and_order():
    rng = np.random.default_rng(6)
    first, second = rng.normal(size=300), rng.normal(0.4, size=500)
    expected = max(abs(np.mean(first <= x) - np.mean(second <= x)) for x in np.concatenate([first, second]))
    assert ks(first, second) == pytest.approx(expected)
    assert ks(np.append(second[::-1], NAN), first) == pytest.approx(expected)


def test_only_missing_values_or_a_single_bin_are_refused():
    with pytest.raises(ValueError):
        ks([NAN], [1.0])
    with pytest.raises(ValueError):
        ks([1.0], [NAN, NAN])
    with pytest.raises(ValueError):
        psi([1.0], [1.0], bins=1)


def test_large_samples_of_one_distribution_do_not_drift():
    rng = np.random.default_rng(7)
    reference, current = rng.gamma(2, size=200_000), rng.gamma(2, size=100_000)
    index = psi(reference, current)
    assert isinstance(index, float)
    assert 0 <= index < 0.001
    assert ks(reference, current) < 0.01
