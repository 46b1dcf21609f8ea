from random import Random

from graphs.manner import Manner, Spoken, lowered, with_fillers

TEXT = (
    "Last spring I was asked to review the evaluation of a colleague, and I found a leak. "
    "I told him first because he was the one who had to present it. He was angry for an afternoon."
)


def spoken(manner: Manner, text: str = TEXT) -> Spoken:
    return Spoken(text, manner, think_s=1.0)


def test_the_phrases_of_a_turn_are_its_words_and_end_without_a_pause() -> None:
    phrases = spoken(Manner(mid_thought_pauses=1.0)).phrases()
    assert " ".join(phrase.text for phrase in phrases) == TEXT
    assert phrases[-1].pause_s == 0.0


def test_the_same_turn_is_always_cut_in_the_same_way() -> None:
    turn = spoken(Manner(mid_thought_pauses=0.5))
    assert turn.phrases() == turn.phrases()


def test_a_mid_thought_pause_stands_inside_a_sentence_and_keeps_to_its_range() -> None:
    manner = Manner(mid_thought_pauses=1.0, mid_thought_pause_s=(2.0, 2.5), sentence_pause_s=(0.3, 0.6))
    long = [phrase for phrase in spoken(manner).phrases() if phrase.pause_s > 1]
    assert len(long) == 3  # one a sentence
    assert all(2.0 <= phrase.pause_s <= 2.5 and phrase.text[-1] not in ".,;" for phrase in long)


def test_without_mid_thought_pauses_all_pauses_are_at_commas_and_full_stops() -> None:
    phrases = spoken(Manner()).phrases()
    assert all(phrase.text[-1] in ".,;:" and phrase.pause_s <= 0.6 for phrase in phrases)


def test_an_empty_turn_has_no_phrases() -> None:
    assert spoken(Manner(), "").phrases() == []


def test_fillers_come_at_about_their_rate_and_never_at_the_end() -> None:
    manner = Manner(fillers=["um", "you know"], fillers_per_100_words=10)
    text = " ".join([TEXT] * 20)
    said = with_fillers(text, manner, Random(1))
    count = said.lower().count("um,") + said.lower().count("you know,")
    assert 0.04 < count / len(text.split()) < 0.12
    assert said.endswith("afternoon.")


def test_words_such_as_you_know_stand_between_clauses_only() -> None:
    manner = Manner(fillers=["you know"], fillers_per_100_words=40)
    said = with_fillers("He was the one who had to present it to us all on a Monday.", manner, Random(3))
    assert (
        said.lower().replace("you know, ", "")
        == "he was the one who had to present it to us all on a monday."
    )
    assert "the you know" not in said


def test_what_may_be_a_name_keeps_its_capital() -> None:
    assert lowered("We asked Priya.") == "we asked Priya."
    assert lowered("Priya was right.") == "Priya was right."
    assert lowered("I agreed.") == "I agreed."
    assert lowered("Then I agreed.") == "then I agreed."
