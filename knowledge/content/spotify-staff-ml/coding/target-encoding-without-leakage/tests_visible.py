import pytest
from solution import fit, out_of_fold


def test_the_example_of_the_statement_holds():
    encoded = out_of_fold(["A", "A", "B", "A"], [1, 0, 1, 1], folds=[0, 0, 1, 1], strength=2)
    assert encoded == pytest.approx([1.0, 1.0, 0.5, 0.5])


def test_serving_uses_all_rows_and_knows_what_to_do_with_new_keys():
    encoding = fit(["A", "A", "B", "B"], [1, 1, 0, 0], strength=2)
    assert encoding.of("A") == pytest.approx(0.75)
    assert encoding.of("B") == pytest.approx(0.25)
    assert encoding.of("new") == encoding.prior == pytest.approx(0.5)


def test_a_single_fold_is_refused():
    with pytest.raises(ValueError):
        out_of_fold(["A", "A"], [0, 1], [0, 0], strength=1)


def test_no_rows_give_no_encodings():
    assert out_of_fold([], [], [], strength=1) == []
