"""The words between an answer and its reply, and the pieces in which the voice makes what is said."""

from itertools import pairwise

import pytest

from agent.voice.breaths import breaths
from agent.voice.bridging import Bridges

ANSWER = "I moved the loaves to the stone oven next door and told the owner about it."


def test_bridges_take_turns_and_never_come_twice_in_a_row() -> None:
    bridges = Bridges()
    said = [bridges.after(ANSWER) for _ in range(6 * len(bridges.all))]
    assert set(said[: len(bridges.all)]) == set(bridges.all)
    assert all(a != b for a, b in pairwise(said))


@pytest.mark.parametrize("said", ["could you repeat that", "yes", "how much time is left", "um"])
def test_a_mere_request_is_answered_without_ado(said: str) -> None:
    assert Bridges().after(said) is None


def test_no_bridge_says_what_the_answer_was_worth() -> None:
    judging = {"great", "good", "right", "interesting", "nice", "perfect", "excellent", "correct", "exactly"}
    for line in Bridges().all:
        assert not judging & set(line.lower().strip(".").replace(",", "").split())


def test_a_long_first_sentence_is_begun_with_its_first_clause() -> None:
    text = "When you changed how the team works, what did you do yourself, and what did others do? Take your time."
    assert [(b.text, b.begins_sentence) for b in breaths(text)] == [
        ("When you changed how the team works,", True),
        ("what did you do yourself, and what did others do?", False),
        ("Take your time.", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "You mentioned the nightly rebuild.",
        "So, tell me about a time when you changed how a whole team of engineers works",
        'He said "stop." What then?',
        "",
    ],
)
def test_nothing_is_lost_or_broken_where_pieces_would_be_too_small(text: str) -> None:
    pieces = breaths(text)
    assert " ".join(piece.text for piece in pieces) == text
    assert all(piece.begins_sentence for piece in pieces)
