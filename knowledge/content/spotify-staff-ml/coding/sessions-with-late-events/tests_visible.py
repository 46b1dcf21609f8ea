import pytest
from solution import Session, Sessionizer


def test_the_example_of_the_statement_holds():
    s = Sessionizer(gap_s=30, lateness_s=60)
    assert s.add("ada", 0) == []
    assert s.add("ada", 50) == []
    assert s.add("ada", 25) == []
    assert s.add("ben", 140) == []
    assert s.add("ben", 141) == [Session("ada", 0, 50, 3)]
    assert s.add("ada", 80) == []
    assert s.dropped == 1
    assert s.flush() == [Session("ben", 140, 141, 2)]


def test_events_further_apart_than_the_gap_are_two_sessions():
    s = Sessionizer(30, 60)
    s.add("ada", 0)
    s.add("ada", 31)
    assert s.flush() == [Session("ada", 0, 0, 1), Session("ada", 31, 31, 1)]


def test_nothing_seen_gives_nothing():
    assert Sessionizer(30, 60).flush() == []


def test_a_negative_gap_is_refused():
    with pytest.raises(ValueError):
        Sessionizer(-1, 60)
