import pytest

from graphs.recognising import row_asked
from knowledge.loader import Content


def test_every_hand_written_follow_up_is_recognised(content: Content) -> None:
    for bank in content.banks.values():
        for question in bank.questions:
            for row, texts in question.follow_ups.items():
                for text in texts:
                    assert row_asked(text, question.rows, question.follow_ups) == row


@pytest.mark.parametrize(
    ("worded", "row"),
    [
        ("You mentioned Priya. What were her words, as close as you can remember?", "star.situation"),
        ("After she said that, what did you start or stop doing, and how soon was it?", "star.action"),
        ("Did you ever go back to Priya, and what did she say then?", "star.result"),
        ("When does the old behaviour of deciding for others still come back?", "star.reflection"),
        ("What did you learn from that review?", "star.reflection"),
    ],
)
def test_a_follow_up_in_other_words_is_recognised(content: Content, worded: str, row: str) -> None:
    question = content.banks["feedback"].questions[0]
    assert row_asked(worded, question.rows, question.follow_ups) == row


def test_a_follow_up_that_tells_nothing_belongs_to_no_row(content: Content) -> None:
    question = content.banks["feedback"].questions[0]
    assert row_asked("Hm?", question.rows, question.follow_ups) is None
