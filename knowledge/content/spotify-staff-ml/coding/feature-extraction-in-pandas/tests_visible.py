import math

import pandas as pd
from solution import extract_features


def frame(columns, rows, time=None):
    table = pd.DataFrame(rows, columns=columns)
    if time:
        table[time] = pd.to_datetime(table[time], format="ISO8601").astype("datetime64[ns]")
    return table


def impressions(*rows):
    return frame(["impression_id", "user_id", "track_id", "shown_at"], rows, "shown_at")


def plays(*rows):
    return frame(["user_id", "track_id", "played_at", "played_ms"], rows, "played_at")


TRACKS = frame(["track_id", "artist_id"], [("t1", "a"), ("t2", "a"), ("t3", "b")])


def test_the_example_of_the_statement_holds():
    features = extract_features(
        impressions(("i1", "ada", "t1", "2026-01-10 12:00"), ("i2", "ben", "t1", "2026-01-10 12:00")),
        plays(
            ("ada", "t2", "2026-01-01 12:00", 200_000),
            ("ada", "t1", "2026-01-10 09:00", 5_000),
            ("ada", "t1", "2026-01-10 12:00", 200_000),
        ),
        TRACKS,
    )
    ada, ben = features.to_dict("records")
    assert ada == {
        "impression_id": "i1",
        "plays_7d": 1,
        "skip_rate_7d": 1.0,
        "artist_plays": 2,
        "hours_since_play": 3.0,
    }
    assert (ben["plays_7d"], ben["artist_plays"]) == (0, 0)
    assert math.isnan(ben["skip_rate_7d"])
    assert math.isnan(ben["hours_since_play"])


def test_the_columns_come_in_the_order_of_the_statement():
    features = extract_features(
        impressions(("i1", "ada", "t1", "2026-01-10")), plays(("ada", "t1", "2026-01-09", 1)), TRACKS
    )
    assert list(features) == ["impression_id", "plays_7d", "skip_rate_7d", "artist_plays", "hours_since_play"]


def test_rows_keep_the_order_of_the_impressions():
    features = extract_features(
        impressions(("late", "ada", "t1", "2026-01-20"), ("early", "ada", "t1", "2026-01-10")),
        plays(("ada", "t1", "2026-01-15", 40_000)),
        TRACKS,
    )
    assert list(features["impression_id"]) == ["late", "early"]
    assert list(features["plays_7d"]) == [1, 0]
