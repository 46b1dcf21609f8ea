from math import inf

from agent.voice.turns import LONGEST_STRETCH_S, Stretch, TurnBuilder
from agent.voice.words import Word, spread

WAIT_S = 1.2


def said(text: str, start_s: float, end_s: float, *, p: float = 0.9) -> list[Word]:
    return [word.model_copy(update={"p": p}) for word in spread(text, start_s, end_s)]


def speak(turn: TurnBuilder, start_s: float, end_s: float) -> None:
    turn.speech_started(start_s)
    turn.speech_ended(end_s)


def read(turn: TurnBuilder, text: str, now_s: float, *, p: float = 0.9) -> Stretch:
    """Transcribe what is due."""
    stretch = turn.due(now_s)
    assert stretch is not None
    turn.transcribed(stretch, said(text, stretch.start_s, stretch.end_s, p=p), now_s)
    return stretch


def test_a_turn_ends_after_the_patience_and_not_before() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 4.0)
    read(turn, "We cut the latency by half.", 4.9)
    assert not turn.over(5.1, WAIT_S)
    assert turn.over(5.25, WAIT_S)
    heard = turn.take(5.25)
    assert heard.text == "We cut the latency by half."
    assert heard.last_sound_s == 4.0
    assert turn.idle


def test_a_slow_recogniser_delays_the_end_but_never_splits_the_turn() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 4.0)
    read(turn, "First part.", 4.9)
    speak(turn, 5.0, 7.0)
    assert not turn.over(12.0, WAIT_S)
    read(turn, "First part. Second part.", 12.0)
    assert turn.over(12.0, WAIT_S)


def test_a_short_stretch_is_read_again_together_with_what_follows() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 2.0)
    assert read(turn, "So we", 2.5).purpose == "keep"
    speak(turn, 3.0, 6.0)
    stretch = read(turn, "So we moved the features.", 6.5)
    assert stretch.start_s < 1.0
    assert turn.take(9.0).text == "So we moved the features."


def test_a_long_stretch_settles_and_is_not_read_again() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 12.0)
    assert read(turn, "A long first part.", 12.5).purpose == "settle"
    speak(turn, 13.0, 15.0)
    assert read(turn, "And a second.", 15.5).start_s > 12.0
    assert turn.take(18.0).text == "A long first part. And a second."


def test_speech_without_a_pause_is_cut_before_it_grows_too_long() -> None:
    turn = TurnBuilder()
    turn.speech_started(1.0)
    assert turn.due(LONGEST_STRETCH_S) is None
    stretch = turn.due(1.0 + LONGEST_STRETCH_S)
    assert stretch is not None
    cut = stretch.cut_at(20.0)
    turn.transcribed(cut, said("Twenty seconds of it", 1.0, 20.0), 26.0)
    turn.speech_ended(30.0)
    rest = turn.due(30.5)
    assert rest is not None
    assert rest.start_s == 20.0
    turn.transcribed(rest, said("and ten more.", 20.0, 30.0), 31.0)
    assert turn.take(33.0).text == "Twenty seconds of it and ten more."


def test_only_speech_is_given_to_the_recogniser_never_a_long_pause() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 3.0)
    speak(turn, 5.5, 7.0)
    stretch = turn.due(7.5)
    assert stretch is not None
    assert [(round(a, 2), round(b, 2)) for a, b in stretch.speech] == [(0.7, 3.25), (5.2, 7.25)]


def test_noise_without_words_leaves_nothing_behind() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 1.4)
    read(turn, "", 1.9)
    assert turn.idle
    assert turn.due(10.0) is None
    assert not turn.over(10.0, WAIT_S)


def test_a_lone_um_is_never_a_turn() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 1.5)
    read(turn, "Um...", 2.0)
    assert turn.idle


def test_a_yes_is_a_turn_but_not_while_the_interviewer_speaks() -> None:
    answer, listening = TurnBuilder(), TurnBuilder()
    listening.floor_until_s = inf
    for turn in (answer, listening):
        speak(turn, 1.0, 1.4)
        read(turn, "Yes.", 1.9)
    assert answer.over(3.0, WAIT_S)
    assert listening.idle


def test_a_yes_that_outlasts_the_question_answers_it() -> None:
    turn = TurnBuilder()
    turn.floor_until_s = inf
    turn.speech_started(1.0)
    turn.floor_until_s = 1.2
    turn.speech_ended(1.5)
    read(turn, "Yes.", 2.0)
    assert turn.over(3.0, WAIT_S)


def test_words_against_the_voice_are_looked_at_early() -> None:
    turn = TurnBuilder()
    turn.floor_until_s = inf
    turn.speech_started(1.0)
    assert turn.due(1.3) is None
    assert read(turn, "Wait, sorry, before", 1.8).purpose == "look"
    assert turn.asks_for_the_floor()
    assert turn.due(2.0) is None


def test_a_hum_against_the_voice_that_was_heard_as_words_does_not_interrupt() -> None:
    turn = TurnBuilder()
    turn.floor_until_s = inf
    speak(turn, 1.0, 2.0)
    read(turn, "Hey, my mom.", 2.5, p=0.35)
    assert turn.idle


def test_the_candidate_can_say_that_this_was_all() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 4.0)
    read(turn, "and that is why we", 4.5)
    turn.conclude()
    assert turn.over(4.6, inf)


def test_going_on_takes_the_conclusion_back() -> None:
    turn = TurnBuilder()
    speak(turn, 1.0, 4.0)
    read(turn, "and that is why we", 4.5)
    turn.conclude()
    speak(turn, 4.6, 5.0)
    read(turn, "and that is why we did it", 5.5)
    assert not turn.over(5.6, WAIT_S)


def test_the_interviewers_own_voice_is_no_turn() -> None:
    turn = TurnBuilder()
    turn.interviewer_speaks("What would you do differently if you built it again today?")
    turn.speech_started(1.0)
    assert read(turn, "What would you do differently", 2.0).purpose == "look"
    assert not turn.asks_for_the_floor()
    turn.floor_until_s = 4.0
    turn.speech_ended(4.1)
    read(turn, "What would you do differently if you build it again today?", 4.5)
    assert turn.idle


def test_an_answer_that_begins_in_the_echo_of_the_question_is_kept() -> None:
    turn = TurnBuilder()
    turn.interviewer_speaks("What would you do differently?")
    turn.speech_started(1.0)
    turn.floor_until_s = 2.0
    turn.speech_ended(5.0)
    stretch = turn.due(5.4)
    assert stretch is not None
    echo, answer = said("do differently", 1.0, 2.0), said("I would start with the data.", 2.5, 5.0)
    turn.transcribed(stretch, [*said("would you", 0.7, 1.0), *echo, *answer], 5.5)
    assert turn.text == "I would start with the data."


def test_a_turn_remembers_that_it_began_against_the_interviewers_voice() -> None:
    turn = TurnBuilder()
    turn.interviewer_speaks("What did you build?")
    speak(turn, 1.0, 2.0)
    turn.floor_until_s = 1.8
    read(turn, "Sorry, go on.", 2.4)
    assert turn.take(3.0).under_voice
    speak(turn, 5.0, 6.0)
    read(turn, "A cache.", 6.4)
    assert not turn.take(7.0).under_voice
