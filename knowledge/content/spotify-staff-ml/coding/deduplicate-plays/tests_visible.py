from solution import Row, deduplicate


def test_the_example_of_the_statement_holds():
    rows = [
        Row("ada", "e1", "t1", 1_000, 30_000, 40_000),
        Row("ada", "e1", "t1", 1_000, 90_000, 95_000),
        Row("ben", None, "t1", 5_000, 20_000, 26_000),
        Row("ben", None, "t1", 6_500, 20_000, 99_000),
    ]
    assert deduplicate(rows) == [
        Row("ada", "e1", "t1", 1_000, 90_000, 95_000),
        Row("ben", None, "t1", 5_000, 20_000, 26_000),
    ]


def test_an_empty_log_stays_empty():
    assert deduplicate([]) == []


def test_different_plays_are_all_kept():
    rows = [Row("ada", "e1", "t1", 0, 10, 20), Row("ada", "e2", "t1", 500, 10, 20)]
    assert deduplicate(rows) == rows


def test_rows_without_an_id_are_not_all_one_play():
    rows = [Row("ada", None, "t1", 0, 10, 20), Row("ada", None, "t2", 0, 10, 20)]
    assert deduplicate(rows) == rows
