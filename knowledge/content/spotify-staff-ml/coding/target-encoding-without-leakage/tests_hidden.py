import random

import pytest
from solution import fit, out_of_fold


def plainly(keys, labels, folds, strength):
    """The definition of the statement, row by row."""
    encoded = []
    for key, fold in zip(keys, folds, strict=True):
        usable = [(k, y) for k, y, f in zip(keys, labels, folds, strict=True) if f != fold]
        prior = sum(y for _, y in usable) / len(usable)
        own = [y for k, y in usable if k == key]
        encoded.append((sum(own) + strength * prior) / (len(own) + strength) if own else prior)
    return encoded


def rows(count, seed):
    rng = random.Random(seed)
    keys = [f"artist{min(rng.randrange(30), rng.randrange(30))}" for _ in range(count)]
    return keys, [int(rng.random() < 0.3) for _ in keys], [rng.randrange(5) for _ in keys]


@pytest.mark.parametrize("strength", [0, 0.5, 20])
def test_encodings_agree_with_the_definition(strength):
    keys, labels, folds = rows(200, seed=1)
    assert out_of_fold(keys, labels, folds, strength) == pytest.approx(plainly(keys, labels, folds, strength))


def test_a_label_never_reaches_a_row_of_its_own_fold():
    keys, labels, folds = rows(60, seed=2)
    before = out_of_fold(keys, labels, folds, 3)
    for i in range(60):
        changed = [*labels[:i], 1 - labels[i], *labels[i + 1 :]]
        after = out_of_fold(keys, changed, folds, 3)
        assert [a for a, f in zip(after, folds, strict=True) if f == folds[i]] == [
            b for b, f in zip(before, folds, strict=True) if f == folds[i]
        ]


def test_a_key_that_occurs_in_one_fold_only_gets_the_prior_of_the_others():
    encoded = out_of_fold(["solo", "A", "A", "B"], [1, 1, 0, 0], [0, 1, 1, 2], strength=5)
    assert encoded[0] == pytest.approx(1 / 3)


def test_without_strength_an_unseen_key_is_no_division_by_zero():
    assert out_of_fold(["A", "B"], [1, 0], [0, 1], strength=0) == pytest.approx([0, 1])
    assert fit(["A"], [1], strength=0).of("B") == 1


def test_strength_pulls_rare_keys_more_than_common_ones():
    encoding = fit(["rare"] * 2 + ["common"] * 200 + ["rest"] * 202, [1] * 202 + [0] * 202, strength=10)
    assert encoding.prior == pytest.approx(0.5)
    assert encoding.of("rare") == pytest.approx(7 / 12)
    assert encoding.of("common") == pytest.approx(205 / 210)


def test_serving_lists_exactly_the_keys_that_occurred():
    encoding = fit(["A", "B", "A"], [0, 0, 1], strength=1)
    encoding.of("C")
    assert set(encoding.values) == {"A", "B"}


def test_missing_keys_are_a_category_and_folds_need_not_be_numbers():
    encoded = out_of_fold([None, None, "A"], [1, 0, 0], ["train", None, None], strength=0)
    assert encoded == pytest.approx([0, 1, 1])
    assert fit([None, None], [1, 0], strength=1).of(None) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("keys", "labels", "folds", "strength"),
    [(["A"], [1, 0], [0, 1], 1), (["A", "B"], [1, 0], [0], 1), (["A", "B"], [1, 0], [0, 1], -1)],
)
def test_wrong_input_is_refused_in_training(keys, labels, folds, strength):
    with pytest.raises(ValueError):
        out_of_fold(keys, labels, folds, strength)


def test_wrong_input_is_refused_in_serving():
    for keys, labels, strength in ([], [], 1), (["A"], [1, 0], 1), (["A"], [1], -1):
        with pytest.raises(ValueError):
            fit(keys, labels, strength)


def test_as_many_folds_as_rows_are_fine():
    count = 2_000
    keys = [f"artist{i % 7}" for i in range(count)]
    labels = [i % 2 for i in range(count)]
    encoded = out_of_fold(keys, labels, list(range(count)), strength=1)
    assert len(encoded) == count
    assert all(0.4 < value < 0.6 for value in encoded)
