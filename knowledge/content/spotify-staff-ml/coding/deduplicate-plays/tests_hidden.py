import random
from itertools import permutations

from solution import Row, deduplicate


def old(started_at_ms, played_ms=1_000, received_at_ms=9_000, user="ada", track="t1"):
    return Row(user, None, track, started_at_ms, played_ms, received_at_ms)


def starts(rows):
    return [row.started_at_ms for row in deduplicate(rows)]


def test_two_listeners_may_use_the_same_event_id():
    rows = [Row("ada", "1", "t1", 0, 10, 20), Row("ben", "1", "t1", 0, 10, 20)]
    assert deduplicate(rows) == rows


def test_an_id_joins_rows_however_far_apart_they_start():
    rows = [Row("ada", "e1", "t1", 0, 10, 20), Row("ada", "e1", "t1", 9_000_000, 50, 60)]
    assert deduplicate(rows) == rows[1:]


def test_the_tolerance_is_measured_from_the_row_that_opened_the_play():
    assert starts([old(0), old(1_500), old(3_000), old(4_500)]) == [0, 3_000]


def test_exactly_two_seconds_belong_together_but_no_more():
    assert starts([old(0), old(2_000)]) == [0]
    assert starts([old(0), old(2_001)]) == [0, 2_001]


def test_rows_with_and_without_an_id_are_never_joined():
    rows = [old(0), Row("ada", "e1", "t1", 0, 1_000, 9_000)]
    assert deduplicate(rows) == rows


def test_rows_without_an_id_are_kept_apart_by_listener_and_track():
    rows = [old(0), old(0, track="t2"), old(0, user="ben")]
    assert deduplicate(rows) == rows


def test_the_row_kept_may_start_later_than_the_one_that_opened_the_play():
    assert deduplicate([old(0, played_ms=5), old(1_900, played_ms=6), old(2_500, played_ms=7)]) == [
        old(1_900, played_ms=6),
        old(2_500, played_ms=7),
    ]


def test_equal_length_is_settled_by_arrival_and_then_by_start_in_any_order():
    rows = [old(300, 50, 900), old(100, 50, 800), old(200, 50, 800), old(0, 40, 100)]
    for order in permutations(rows):
        assert deduplicate(order) == [old(100, 50, 800)]


def test_the_result_is_ordered_and_missing_ids_come_first():
    expected = [
        Row("ada", None, "t1", 0, 10, 20),
        Row("ada", "", "t1", 0, 10, 20),
        Row("ada", "e1", "t1", 0, 10, 20),
        Row("ada", "a", "t2", 0, 10, 20),
        Row("ben", "a", "t1", 0, 10, 20),
        Row("ada", "z", "t1", 5, 10, 20),
    ]
    assert deduplicate(reversed(expected)) == expected


def test_an_empty_string_is_an_id():
    rows = [Row("ada", "", "t1", 0, 10, 20), Row("ada", "", "t2", 9_999, 30, 40)]
    assert deduplicate(rows) == rows[1:]


def test_a_large_log_gives_the_same_rows_in_any_order_and_when_run_again():
    rng = random.Random(4)
    rows = [
        Row(
            f"u{rng.randrange(20)}",
            rng.choice([None, f"e{rng.randrange(500)}"]),
            f"t{rng.randrange(5)}",
            rng.randrange(60_000),
            rng.randrange(10),
            rng.randrange(5),
        )
        for _ in range(5_000)
    ]
    expected = deduplicate(rows)
    rng.shuffle(rows)
    assert deduplicate(rows) == expected
    assert 0 < len(expected) < len(rows)
