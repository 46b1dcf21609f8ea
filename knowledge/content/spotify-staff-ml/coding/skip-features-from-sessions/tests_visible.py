from solution import Features, Play, session_features


def test_the_example_of_the_statement_holds():
    plays = [
        Play("ada", "t1", 0, 200, 200),
        Play("ada", "t2", 200, 5, 200),
        Play("ada", "t1", 215, 180, 200),
    ]
    assert session_features(plays) == [
        Features(0, 0, 0, None, False),
        Features(1, 0, 0, None, False),
        Features(2, 1, 1, 10, True),
    ]


def test_a_long_break_begins_a_new_session():
    plays = [Play("ada", "t1", 0, 5, 200), Play("ada", "t1", 5_000, 5, 200)]
    assert session_features(plays)[1] == Features(0, 0, 0, None, False)


def test_listeners_do_not_share_a_session():
    plays = [Play("ada", "t1", 0, 5, 200), Play("ben", "t1", 10, 5, 200)]
    assert session_features(plays)[1] == Features(0, 0, 0, None, False)


def test_no_plays_give_no_features():
    assert session_features([]) == []
