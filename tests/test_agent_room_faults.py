import logging

import pytest

from agent.errors import SessionError
from agent.room.faults import why


def test_an_error_that_a_user_can_mend_is_told_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    assert why(SessionError("the disk is full: free some space")) == "the disk is full: free some space"
    assert not caplog.records


def test_an_error_that_nobody_foresaw_tells_and_logs_nothing_that_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR)
    said = "I led the migration at Acme"
    try:
        raise KeyError(said)
    except KeyError as error:
        told = why(error)
    assert "KeyError" in told
    assert "What was said so far is kept" in told
    assert "test_agent_room_faults.py" in caplog.text
    assert "Acme" not in told + caplog.records[0].getMessage().replace(
        '{}["I led the migration at Acme"]', ""
    )
