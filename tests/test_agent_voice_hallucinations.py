import pytest

from agent.voice.hallucinations import (
    FILLERS,
    LISTENING,
    Reading,
    is_invented,
    only,
    said_once,
    without_loops,
)
from agent.voice.words import spread, text_of


def reading(text: str, *, p: float = 0.9, no_speech: float = 0.05, log_prob: float = -0.2) -> Reading:
    words = [word.model_copy(update={"p": p}) for word in spread(text, 0.0, 1.0)]
    return Reading(words, no_speech, log_prob)


@pytest.mark.parametrize("text", ["Thank you.", "you", "Thanks for watching!", "I'm sorry."])
def test_what_whisper_writes_on_silence_never_becomes_an_answer(text: str) -> None:
    assert is_invented(reading(text, no_speech=0.5), length_s=2.0)
    assert is_invented(reading(text, p=0.4), length_s=2.0)


def test_a_thank_you_that_was_said_is_kept() -> None:
    assert not is_invented(reading("Thank you."), length_s=0.8)


@pytest.mark.parametrize(
    "doubtful",
    [
        reading("The meeting is on Monday.", log_prob=-1.3),
        reading("The meeting is on Monday.", no_speech=0.8, log_prob=-0.7),
        reading("..."),
    ],
)
def test_text_that_the_model_itself_doubts_is_dropped(doubtful: Reading) -> None:
    assert is_invented(doubtful, length_s=2.0)


def test_a_cough_cannot_hold_a_sentence() -> None:
    assert is_invented(reading("I am going to go ahead and start the recording now."), length_s=0.4)


def test_the_glossary_does_not_come_back_as_an_answer() -> None:
    unsure = reading("Kafka, nDCG.", log_prob=-0.8)
    assert is_invented(unsure, length_s=2.0, prompt="Kafka, nDCG, Redis")
    assert not is_invented(reading("Kafka, nDCG."), length_s=2.0, prompt="Kafka, nDCG, Redis")


def test_a_loop_is_kept_once_and_a_stammer_whole() -> None:
    loop = spread("so we went on " + "and then we did it " * 9 + "until it worked", 0.0, 9.0)
    assert text_of(without_loops(loop)) == "so we went on and then we did it until it worked"
    stammer = spread("I, I, I think that it is very, very good", 0.0, 3.0)
    assert without_loops(stammer) == stammer


def test_a_sentence_that_nobody_had_time_to_say_twice_is_kept_once() -> None:
    twice = spread("He was angry for an afternoon. He was angry for an afternoon.", 0.0, 1.8)
    assert text_of(said_once(twice, 1.8)) == "He was angry for an afternoon."
    assert said_once(twice, 5.0) == twice


def test_fillers_and_listening_noises_are_told_from_words() -> None:
    assert only("Um... uh, hmm.", FILLERS)
    assert not only("Yeah.", FILLERS)
    assert only("Yeah, okay. Right.", LISTENING)
    assert not only("Yeah, but wait.", LISTENING)
