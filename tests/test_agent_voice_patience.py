from math import inf

import pytest

from agent.voice.patience import Patience

FINISHED = "We moved the features to the online store and cut the latency by half."
BRIEF = "We cut the latency of the service by half."
UNFINISHED = "We moved it because"


def test_a_finished_answer_waits_for_less_than_a_second() -> None:
    assert Patience().wait_s(FINISHED) < 1.0
    assert Patience(stage_s=2.0).wait_s(FINISHED) < 1.0


@pytest.mark.parametrize("stage_s", [1.0, 1.4, 2.0])
@pytest.mark.parametrize(
    "text", [UNFINISHED, "I think it was, um", "There are three parts to it.", "What else?"]
)
def test_a_pause_amid_a_thought_is_no_end_at_any_stage(text: str, stage_s: float) -> None:
    assert Patience(stage_s=stage_s).wait_s(text, 1.0) > 2.7


def test_a_sound_behind_finished_words_that_is_no_word_is_thinking() -> None:
    assert Patience().wait_s(FINISHED, 1.0, hums=True) > 2.7


def test_a_few_finished_words_may_be_the_beginning_of_an_answer() -> None:
    assert 1.5 < Patience().wait_s(BRIEF) < 2.0


def test_a_patient_stage_waits_longer_for_what_is_unfinished() -> None:
    assert Patience(stage_s=2.0).wait_s(UNFINISHED) > Patience(stage_s=1.4).wait_s(UNFINISHED)


def test_whoever_says_that_this_was_all_waits_the_least() -> None:
    patience = Patience()
    assert patience.wait_s("We did it. That's my answer.") < patience.wait_s(FINISHED)


def test_a_voice_that_stays_up_is_waited_for_whatever_the_words() -> None:
    patience = Patience()
    assert patience.wait_s(FINISHED, 0.9) == patience.wait_s(FINISHED)
    assert patience.wait_s(FINISHED, 0.1) > 2.0
    assert patience.wait_s(FINISHED) < patience.wait_s(FINISHED, 0.25) < patience.wait_s(FINISHED, 0.1)


def test_whoever_pauses_between_sentences_is_given_longer_and_a_single_pause_is_chance() -> None:
    patience = Patience()
    at_first = patience.wait_s(FINISHED)
    patience.went_on(FINISHED, 1.3)
    assert patience.wait_s(FINISHED) == at_first
    patience.went_on(FINISHED, 1.2)
    assert 1.2 < patience.wait_s(FINISHED) < 2.0


def test_pauses_in_which_one_was_plainly_not_done_teach_nothing() -> None:
    patience = Patience()
    at_first = patience.wait_s(FINISHED)
    for _ in range(5):
        patience.went_on(UNFINISHED, 2.0)
    assert patience.wait_s(FINISHED) == at_first


def test_the_setting_makes_it_quicker_or_more_patient() -> None:
    quick, normal, patient = (Patience(s).wait_s(FINISHED) for s in ("quick", "normal", "patient"))
    assert quick < normal < patient


def test_with_push_to_talk_no_silence_ends_a_turn() -> None:
    patience = Patience("push-to-talk")
    assert patience.wait_s(FINISHED) == patience.wait_s(UNFINISHED) == patience.wait_s("That's it.") == inf
