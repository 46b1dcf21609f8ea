import random
from collections import Counter
from itertools import combinations

import pytest
from solution import Sample, merge, sample_by_popularity

RUNS = 4_000


def test_every_row_is_equally_likely_wherever_it_passes_by():
    rng, drawn = random.Random(1), Counter()
    plays = [(f"t{i}", 0) for i in range(6)]
    for _ in range(RUNS):
        (sample,) = sample_by_popularity(plays, [], 2, rng)
        drawn.update(sample.tracks)
    assert all(abs(drawn[f"t{i}"] / RUNS - 2 / 6) < 0.035 for i in range(6))


def test_every_pair_of_rows_is_equally_likely():
    rng, drawn = random.Random(2), Counter()
    plays = [(name, 0) for name in "abcd"]
    for _ in range(RUNS):
        (sample,) = sample_by_popularity(plays, [], 2, rng)
        drawn[tuple(sorted(sample.tracks))] += 1
    assert all(abs(drawn[pair] / RUNS - 1 / 6) < 0.035 for pair in combinations("abcd", 2))


def test_a_bucket_is_not_disturbed_by_rows_of_another():
    rng, drawn = random.Random(3), Counter()
    plays = [(f"rare{i}", 1) for i in range(4)] + [("hit", 500)] * 50
    for _ in range(RUNS):
        rare, _ = sample_by_popularity(plays, [100], 1, rng)
        drawn.update(rare.tracks)
    assert all(abs(drawn[f"rare{i}"] / RUNS - 1 / 4) < 0.035 for i in range(4))


def test_a_value_on_a_boundary_belongs_to_the_bucket_above():
    plays = [("below", 9.99), ("on", 10), ("between", 99), ("top", 100)]
    samples = sample_by_popularity(plays, [10, 100], 5, random.Random(4))
    assert [sample.tracks for sample in samples] == [["below"], ["on", "between"], ["top"]]


def test_without_plays_every_bucket_is_empty():
    samples = sample_by_popularity([], [1, 2], 3, random.Random(5))
    assert samples == [Sample([], 0)] * 3
    samples[0].tracks.append("not shared")
    assert samples[1].tracks == []


def test_k_of_zero_keeps_nothing_but_counts():
    (sample,) = sample_by_popularity([("a", 1)] * 7, [], 0, random.Random(6))
    assert sample == Sample([], 7)


def test_a_long_generator_is_read_once_and_only_the_given_randomness_is_used():
    random.seed(7)
    state = random.getstate()
    runs = [
        sample_by_popularity(((f"t{i}", i % 50) for i in range(50_000)), [10, 40], 5, random.Random(8))
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert [sample.seen for sample in runs[0]] == [10_000, 30_000, 10_000]
    assert random.getstate() == state


@pytest.mark.parametrize("boundaries", [[2, 1], [1, 1]])
def test_boundaries_that_do_not_ascend_are_refused(boundaries):
    with pytest.raises(ValueError):
        sample_by_popularity([], boundaries, 1, random.Random(9))


def test_merging_gives_each_partition_its_share():
    rng, from_first = random.Random(10), 0
    for _ in range(RUNS):
        merged = merge(Sample(["a", "b", "c"], 900), Sample(["x", "y", "z"], 100), 3, rng)
        from_first += sum(track in "abc" for track in merged.tracks)
    assert abs(from_first / (3 * RUNS) - 0.9) < 0.02


def test_merging_is_as_fair_as_reading_both_partitions_together():
    rng, drawn = random.Random(11), Counter()
    for _ in range(RUNS):
        (first,) = sample_by_popularity([("a", 0), ("b", 0), ("c", 0)], [], 2, rng)
        (second,) = sample_by_popularity([("d", 0)], [], 2, rng)
        drawn[tuple(sorted(merge(first, second, 2, rng).tracks))] += 1
    assert all(abs(drawn[pair] / RUNS - 1 / 6) < 0.035 for pair in combinations("abcd", 2))


def test_merging_with_an_empty_partition_changes_nothing():
    merged = merge(Sample([], 0), Sample(["x", "y"], 50), 2, random.Random(12))
    assert (sorted(merged.tracks), merged.seen) == (["x", "y"], 50)
    assert merge(Sample([], 0), Sample([], 0), 2, random.Random(12)) == Sample([], 0)


def test_merging_leaves_its_inputs_as_they_were():
    first, second = Sample(["a", "b"], 9), Sample(["x", "y"], 9)
    merge(first, second, 2, random.Random(13))
    assert (first.tracks, second.tracks) == (["a", "b"], ["x", "y"])
