import random
from dataclasses import replace

from solution import Features, Play, session_features


def test_a_gap_of_exactly_half_an_hour_stays_in_the_session():
    plays = [
        Play("ada", "t1", 0, 100, 200),
        Play("ada", "t2", 1_900, 100, 200),
        Play("ada", "t3", 3_801, 100, 200),
    ]
    assert [f.position for f in session_features(plays)] == [0, 1, 0]


def test_the_gap_is_measured_from_the_end_of_the_previous_play():
    plays = [Play("ada", "podcast", 0, 3_600, 3_600), Play("ada", "t1", 3_700, 100, 200)]
    assert [f.position for f in session_features(plays)] == [0, 1]


def test_the_result_follows_the_order_of_the_input():
    plays = [
        Play("ada", "t3", 400, 100, 200),
        Play("ben", "t1", 150, 100, 200),
        Play("ada", "t1", 0, 100, 200),
        Play("ada", "t2", 200, 10, 200),
    ]
    assert [f.position for f in session_features(plays)] == [2, 0, 0, 1]


def test_a_short_track_heard_to_its_end_is_no_skip():
    plays = [Play("ada", "jingle", 0, 20, 20), Play("ada", "t1", 20, 100, 200)]
    assert session_features(plays)[1] == Features(1, 0, 0, None, False)


def test_thirty_seconds_are_no_skip_but_a_little_less_is():
    plays = [Play("ada", "t1", 0, 30, 200), Play("ada", "t2", 30, 29.9, 200), Play("ada", "t3", 60, 100, 200)]
    assert [f.skips_before for f in session_features(plays)] == [0, 0, 1]


def test_a_track_heard_out_ends_the_streak_but_not_the_count():
    seconds_heard = [5, 5, 200, 5, 0]
    plays = [Play("ada", f"t{i}", i * 300, heard, 200) for i, heard in enumerate(seconds_heard)]
    plays.append(Play("ada", "last", 1_500, 200, 200))
    assert [f.skips_before for f in session_features(plays)] == [0, 1, 2, 2, 3, 4]
    assert [f.skip_streak for f in session_features(plays)] == [0, 1, 2, 0, 1, 2]


def test_time_since_a_skip_runs_from_the_end_of_the_latest_one():
    plays = [
        Play("ada", "t1", 0, 5, 200),
        Play("ada", "t2", 10, 20, 200),
        Play("ada", "t3", 40, 200, 200),
        Play("ada", "t4", 300, 200, 200),
    ]
    assert [f.since_skip_s for f in session_features(plays)] == [None, 5, 10, 270]


def test_equal_starts_keep_the_order_of_the_input():
    plays = [Play("ada", "z", 0, 0, 200), Play("ada", "a", 0, 0, 200), Play("ada", "m", 0, 50, 200)]
    assert [f.skip_streak for f in session_features(plays)] == [0, 1, 2]


def test_nothing_of_an_earlier_session_is_remembered():
    plays = [
        Play("ada", "t1", 0, 5, 200),
        Play("ada", "t2", 10, 5, 200),
        Play("ada", "t1", 9_000, 100, 200),
        Play("ada", "t2", 9_200, 100, 200),
    ]
    assert session_features(plays)[2:] == [Features(0, 0, 0, None, False), Features(1, 0, 0, None, False)]


def test_the_outcome_of_a_play_never_enters_its_own_or_earlier_features():
    rng = random.Random(3)
    plays = [Play("ada", f"t{rng.randrange(6)}", i * 250, rng.choice([3, 200]), 200) for i in range(40)]
    before = session_features(plays)
    for i in range(40):
        changed = list(plays)
        changed[i] = replace(plays[i], played_s=203 - plays[i].played_s)
        assert session_features(changed)[: i + 1] == before[: i + 1]


def test_a_large_log_in_any_order_gives_the_same_features():
    rng = random.Random(5)
    plays = [
        Play(f"u{user}", f"t{rng.randrange(50)}", user * 7 + i * 240, rng.choice([4, 30, 200]), 200)
        for user in range(100)
        for i in range(100)
    ]
    expected = dict(zip(plays, session_features(plays), strict=True))
    rng.shuffle(plays)
    assert session_features(plays) == [expected[play] for play in plays]
    assert max(f.position for f in expected.values()) == 99
