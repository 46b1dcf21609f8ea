from random import Random

import pytest

from graphs.intents import by_rules
from graphs.small_talk import (
    BACK,
    MINUTE,
    NO_QUESTIONS,
    NOTHING_TO_ADD,
    ONWARD,
    REPEAT,
    SKIP,
    Lines,
    Stock,
)
from graphs.state import Intent


@pytest.mark.parametrize(
    ("phrases", "intents"),
    [
        (REPEAT, {"repeat"}),
        (MINUTE, {"wait"}),
        (SKIP, {"skip"}),
        (NO_QUESTIONS, {"no", "done"}),
        (BACK, {"yes"}),
        (ONWARD, {"yes"}),
        (NOTHING_TO_ADD, {"answer"}),
    ],
)
def test_the_interviewer_understands_what_candidates_say_besides_answers(
    phrases: tuple[str, ...], intents: set[Intent]
) -> None:
    for phrase in phrases:
        heard = by_rules(phrase)
        assert heard.intent in intents, phrase
        assert heard.sure, phrase


def test_lines_come_once_each_and_then_mixed_without_a_repetition() -> None:
    written = ["One goes. Two goes.", "Three goes. Four goes.", "Five goes. Six goes."]
    lines = Lines(written, Random(1))
    said = [lines.next() for _ in range(15)]
    assert sorted(said[:3]) == sorted(written)
    assert len(set(said)) == 15


def test_a_stock_uses_everything_before_anything_twice() -> None:
    stock = Stock(Random(1))
    assert {stock.draw(["a", "b", "c"]) for _ in range(3)} == {"a", "b", "c"}
