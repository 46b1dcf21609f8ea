import pytest
from solution import ks, psi


def test_the_example_of_the_statement_holds():
    assert psi([1, 2, 3, 4], [1, 2, 3, 4], bins=2) == 0
    assert psi([1, 2, 3, 4], [3, 4, 4, 4], bins=2) == pytest.approx(4.6047, abs=1e-3)
    assert ks([1, 2, 3, 4], [3, 4, 5, 6]) == 0.5


def test_samples_without_overlap_are_as_far_apart_as_can_be():
    assert ks([1, 2, 3], [10, 11]) == 1


def test_the_index_is_a_sum_over_bins():
    reference = [0.0] * 5 + [1.0] * 5
    current = [0.0] * 2 + [1.0] * 8
    assert psi(reference, current, bins=2) == pytest.approx(0.3 * 0.9163 + 0.3 * 0.4700, abs=1e-3)


def test_an_empty_sample_is_refused():
    with pytest.raises(ValueError):
        psi([], [1.0])
    with pytest.raises(ValueError):
        ks([1.0], [])
