import random

import pytest
from solution import Sample, merge, sample_by_popularity


def test_the_example_of_the_statement_holds():
    plays = [("hit", 900), ("rare", 3), ("odd", 10), ("hit", 900), ("hit", 900)]
    assert sample_by_popularity(plays, boundaries=[10, 100], k=2, rng=random.Random(1)) == [
        Sample(["rare"], seen=1),
        Sample(["odd"], seen=1),
        Sample(["hit", "hit"], seen=3),
    ]


def test_a_sample_holds_k_different_rows():
    plays = [(f"t{i}", 1) for i in range(100)]
    (sample,) = sample_by_popularity(plays, [], k=10, rng=random.Random(2))
    assert len(set(sample.tracks)) == 10
    assert sample.seen == 100


def test_merging_small_samples_keeps_everything():
    merged = merge(Sample(["a", "b"], 2), Sample(["c"], 1), k=5, rng=random.Random(3))
    assert sorted(merged.tracks) == ["a", "b", "c"]
    assert merged.seen == 3


def test_a_negative_k_is_refused():
    with pytest.raises(ValueError):
        sample_by_popularity([], [], k=-1, rng=random.Random(4))
