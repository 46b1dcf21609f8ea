import random

import pytest
from solution import Session, Sessionizer


def run(sessionizer, events):
    """All sessions in the end, whenever they were handed out."""
    sessions = [session for event in events for session in sessionizer.add(*event)]
    return sorted([*sessions, *sessionizer.flush()], key=lambda s: (s.start_s, s.user_id))


def in_one_go(events, gap_s):
    sessions, latest = [], {}
    for user, at_s in sorted(events, key=lambda event: event[1]):
        if user in latest and at_s - latest[user].end_s <= gap_s:
            sessions.remove(latest[user])
            latest[user] = Session(user, latest[user].start_s, at_s, latest[user].events + 1)
        else:
            latest[user] = Session(user, at_s, at_s, 1)
        sessions.append(latest[user])
    return sorted(sessions, key=lambda s: (s.start_s, s.user_id))


def test_events_exactly_one_gap_apart_belong_together():
    assert run(Sessionizer(30, 60), [("ada", 0), ("ada", 30)]) == [Session("ada", 0, 30, 2)]


def test_a_late_event_may_extend_a_session_at_its_front():
    assert run(Sessionizer(30, 60), [("ada", 50), ("ada", 20)]) == [Session("ada", 20, 50, 2)]


def test_a_late_event_within_a_session_only_counts():
    assert run(Sessionizer(30, 60), [("ada", 0), ("ada", 20), ("ada", 10)]) == [Session("ada", 0, 20, 3)]


def test_an_event_exactly_at_the_watermark_is_permitted():
    s = Sessionizer(30, 60)
    s.add("ada", 100)
    s.add("ben", 40)
    assert s.dropped == 0
    s.add("cleo", 39)
    assert s.dropped == 1
    assert [session.user_id for session in s.flush()] == ["ben", "ada"]


def test_a_dropped_event_neither_opens_nor_extends_anything():
    s = Sessionizer(30, 0)
    s.add("ada", 100)
    assert s.add("ada", 99) == []
    assert s.flush() == [Session("ada", 100, 100, 1)]


def test_one_event_may_close_sessions_of_many_listeners_in_order():
    s = Sessionizer(10, 20)
    for user, at_s in [("zoe", 5), ("ada", 7), ("ben", 5), ("ada", 17)]:
        assert s.add(user, at_s) == []
    assert s.add("new", 1_000) == [
        Session("ben", 5, 5, 1),
        Session("zoe", 5, 5, 1),
        Session("ada", 7, 17, 2),
    ]
    assert s.flush() == [Session("new", 1_000, 1_000, 1)]


def test_a_session_that_went_on_is_not_closed_at_its_old_end():
    s = Sessionizer(10, 0)
    s.add("ada", 0)
    s.add("ada", 10)
    assert s.add("ben", 20) == []
    assert s.add("ben", 21) == [Session("ada", 0, 10, 2)]


def test_a_closed_session_is_returned_once():
    s = Sessionizer(10, 0)
    s.add("ada", 0)
    s.add("ada", 0)
    assert s.add("ben", 100) == [Session("ada", 0, 0, 2)]
    assert s.add("ben", 200) == [Session("ben", 100, 100, 1)]
    assert s.flush() == [Session("ben", 200, 200, 1)]
    assert s.flush() == []


def test_lateness_still_holds_after_a_flush():
    s = Sessionizer(10, 20)
    s.add("ada", 100)
    s.flush()
    s.add("ada", 79)
    assert s.dropped == 1
    assert s.add("ada", 80) == []
    assert s.flush() == [Session("ada", 80, 80, 1)]


def test_a_gap_of_zero_joins_only_equal_times_and_times_may_be_negative():
    assert run(Sessionizer(0, 5), [("ada", -3), ("ada", -3), ("ada", -2)]) == [
        Session("ada", -3, -3, 2),
        Session("ada", -2, -2, 1),
    ]


def test_a_negative_lateness_is_refused():
    with pytest.raises(ValueError):
        Sessionizer(30, -1)


def test_permitted_disorder_changes_nothing_in_a_long_stream():
    rng = random.Random(9)
    events = [(f"u{rng.randrange(12)}", rng.randrange(20_000)) for _ in range(2_500)]
    arrival = sorted(events, key=lambda event: event[1] + rng.randrange(100))
    s = Sessionizer(40, 100)
    assert run(s, arrival) == in_one_go(events, 40)
    assert s.dropped == 0
