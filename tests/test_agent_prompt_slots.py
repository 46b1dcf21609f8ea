"""No two conversations of a machine ever wait for each other's prompt cache."""

from contextlib import ExitStack
from pathlib import Path

from agent.language_server_process import SLOTS
from agent.prompt_slots import own_prompt_slot


def test_conversations_at_the_same_time_hold_different_slots_and_those_too_many_hold_none(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(own_prompt_slot(tmp_path)) for _ in range(SLOTS + 1)]
    own = [slot for slot in held if slot is not None]
    assert own == list(range(1, SLOTS))
    assert held[len(own) :] == [None, None]


def test_a_slot_that_was_given_back_is_given_out_again(tmp_path: Path) -> None:
    with own_prompt_slot(tmp_path) as first:
        pass
    with own_prompt_slot(tmp_path) as second:
        assert second == first
