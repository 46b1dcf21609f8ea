"""Captions of a breath that is still going on."""

from agent.voice.following import EVERY_S, Following
from agent.voice.words import Word, spread


def words(text: str, start_s: float, end_s: float) -> list[Word]:
    return spread(text, start_s, end_s)


def test_a_breath_is_read_again_and_again_from_its_beginning() -> None:
    following = Following()
    following.breath_begins(10.0, all_known=True)
    assert following.due(10.3) is None
    assert following.due(11.0) == (10.0, 11.0)
    assert following.due(11.0 + EVERY_S / 2) is None
    assert following.due(12.0) == (10.0, 12.0)


def test_a_later_reading_replaces_an_earlier_one() -> None:
    following = Following()
    following.read(words("we bill", 0.0, 1.0), 1.0)
    following.read(words("we built it", 0.0, 1.8), 1.8)
    assert following.text == "we built it"


def test_what_lies_well_behind_in_a_long_breath_is_read_no_more() -> None:
    following = Following()
    long = words("one two three four five six", 0.0, 6.0)
    following.read(long, 6.0)
    begin_s, end_s = following.due(6.5) or (0.0, 0.0)
    assert begin_s == max(word.end_s for word in long if word.end_s <= 4.8)
    assert end_s == 6.5
    following.read(words("five six seven", begin_s, 6.5), 6.5)
    assert following.text.split()[-3:] == ["five", "six", "seven"]
    assert following.text.split()[:3] == ["one", "two", "three"]


def test_words_that_are_known_otherwise_are_left_out_and_later_ones_stay() -> None:
    following = Following()
    following.read(words("one two three four", 0.0, 4.0), 4.0)
    following.known_until(1.6)
    assert following.text == "three four"
    assert following.due(4.0) == (1.6, 4.0)


def test_a_breath_that_nobody_else_has_read_is_not_dropped_when_the_next_one_begins() -> None:
    following = Following()
    following.read(words("we planned it", 0.0, 2.0), 2.0)
    following.breath_begins(3.0, all_known=False)
    assert following.due(4.0) == (0.0, 4.0)
    following.known_until(2.5)
    following.breath_begins(5.0, all_known=True)
    assert following.text == ""
    assert following.due(6.0) == (5.0, 6.0)
