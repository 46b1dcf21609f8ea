import numpy as np
import pandas as pd
from solution import extract_features

NOON = "2026-01-10 12:00"


def frame(columns, rows, time=None):
    table = pd.DataFrame(rows, columns=columns)
    if time:
        table[time] = pd.to_datetime(table[time], format="ISO8601").astype("datetime64[ns]")
    return table


def impressions(*rows):
    return frame(["impression_id", "user_id", "track_id", "shown_at"], rows, "shown_at")


def plays(*rows):
    table = frame(["user_id", "track_id", "played_at", "played_ms"], rows, "played_at")
    return table.astype({"user_id": str, "track_id": str, "played_ms": "int64"})


def tracks(*rows):
    return frame(["track_id", "artist_id"], rows)


TRACKS = tracks(("t1", "a"), ("t2", "a"), ("t3", "b"))
SHOWN = impressions(("i1", "ada", "t1", NOON))


def first(features):
    return features.iloc[0]


def test_the_window_includes_its_start_and_excludes_its_end():
    history = plays(
        ("ada", "t3", "2026-01-03 11:59:59.999", 1),
        ("ada", "t3", "2026-01-03 12:00", 99_999),
        ("ada", "t3", "2026-01-10 11:59:59.999", 99_999),
        ("ada", "t3", NOON, 1),
    )
    row = first(extract_features(SHOWN, history, TRACKS))
    assert (row["plays_7d"], row["skip_rate_7d"]) == (2, 0)


def test_a_play_of_exactly_thirty_seconds_is_no_skip():
    history = plays(("ada", "t1", "2026-01-10", 30_000), ("ada", "t1", "2026-01-09", 29_999))
    assert first(extract_features(SHOWN, history, TRACKS))["skip_rate_7d"] == 0.5


def test_repeated_catalogue_rows_do_not_multiply_anything():
    history = plays(("ada", "t1", "2026-01-10", 1), ("ada", "t2", "2026-01-09", 1))
    doubled = pd.concat([TRACKS, TRACKS, TRACKS])
    features = extract_features(SHOWN, history, doubled)
    assert len(features) == 1
    assert (first(features)["plays_7d"], first(features)["artist_plays"]) == (2, 2)


def test_unknown_tracks_count_as_plays_but_belong_to_no_artist():
    shown = impressions(("i1", "ada", "new", NOON), ("i2", "ada", "t1", NOON))
    history = plays(("ada", "new", "2026-01-10", 1), ("ada", "other", "2026-01-09", 1))
    features = extract_features(shown, history, TRACKS)
    assert list(features["plays_7d"]) == [2, 2]
    assert list(features["artist_plays"]) == [0, 0]


def test_artist_plays_reach_back_without_limit_and_do_not_mix_listeners():
    history = plays(
        ("ada", "t2", "2016-01-01", 1),
        ("ben", "t2", "2026-01-09", 1),
        ("ada", "t3", "2026-01-09", 1),
    )
    assert first(extract_features(SHOWN, history, TRACKS))["artist_plays"] == 1


def test_several_plays_at_the_same_moment_all_count():
    history = plays(*[("ada", "t1", "2026-01-10 10:30", ms) for ms in (1, 99_999, 1, 99_999)])
    row = first(extract_features(SHOWN, history, TRACKS))
    assert (row["plays_7d"], row["skip_rate_7d"], row["artist_plays"]) == (4, 0.5, 4)
    assert row["hours_since_play"] == 1.5


def test_an_older_play_than_the_window_still_tells_the_hours():
    row = first(extract_features(SHOWN, plays(("ada", "t1", "2026-01-01 12:00", 1)), TRACKS))
    assert row["plays_7d"] == 0
    assert np.isnan(row["skip_rate_7d"])
    assert row["hours_since_play"] == 216


def test_no_plays_at_all_give_zeros_and_missing_values():
    row = first(extract_features(SHOWN, plays(), TRACKS))
    assert (row["plays_7d"], row["artist_plays"]) == (0, 0)
    assert np.isnan(row["skip_rate_7d"])
    assert np.isnan(row["hours_since_play"])


def test_counts_are_integers_and_the_index_starts_afresh():
    shown = impressions(("i1", "ada", "t1", NOON), ("i2", "zoe", "t1", NOON)).set_axis([7, 7])
    features = extract_features(shown, plays(("ada", "t1", "2026-01-10", 1)), TRACKS)
    assert list(features.index) == [0, 1]
    assert features["plays_7d"].dtype.kind == "i"
    assert features["artist_plays"].dtype.kind == "i"
    assert list(features["plays_7d"]) == [1, 0]


def test_the_input_frames_are_not_changed():
    history = plays(("ada", "t1", "2026-01-10", 1), ("ada", "t1", "2026-01-09", 1))
    before = [table.copy() for table in (SHOWN, history, TRACKS)]
    extract_features(SHOWN, history, TRACKS)
    for table, copy in zip((SHOWN, history, TRACKS), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_random_logs_agree_with_a_plain_filter_whatever_their_order():
    rng = np.random.default_rng(8)
    start = pd.Timestamp("2026-01-01")
    history = plays(
        *[
            (f"u{rng.integers(4)}", f"t{rng.integers(6)}", start + pd.Timedelta(hours=int(h)), int(ms))
            for h, ms in zip(rng.integers(0, 480, 400), rng.integers(0, 60_000, 400), strict=True)
        ]
    )
    shown = impressions(
        *[
            (f"i{i}", f"u{rng.integers(5)}", f"t{rng.integers(6)}", start + pd.Timedelta(hours=int(h)))
            for i, h in enumerate(rng.integers(0, 480, 60))
        ]
    )
    catalogue = tracks(*[(f"t{i}", f"a{i % 2}") for i in range(5)])
    artist_of = dict(catalogue.itertuples(index=False))
    features = extract_features(shown, history, catalogue).set_index("impression_id")
    for row in shown.itertuples():
        past = history[(history["user_id"] == row.user_id) & (history["played_at"] < row.shown_at)]
        recent = past[past["played_at"] >= row.shown_at - pd.Timedelta(days=7)]
        by_artist = past["track_id"].map(artist_of) == artist_of.get(row.track_id)
        got = features.loc[row.impression_id]
        assert got["plays_7d"] == len(recent)
        assert got["artist_plays"] == by_artist.sum()
        np.testing.assert_allclose(got["skip_rate_7d"], (recent["played_ms"] < 30_000).mean())
    pd.testing.assert_frame_equal(
        extract_features(shown, history.sample(frac=1, random_state=1), catalogue),
        features.reset_index(),
    )
