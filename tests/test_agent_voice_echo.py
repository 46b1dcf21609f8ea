from agent.voice.echo import without_echo
from agent.voice.words import spread, text_of

QUESTION = "Tell me about a system that you built, and please say what you did yourself."


def left_of(heard: str, *, until_s: float = 10.0, length_s: float = 5.0) -> str:
    return text_of(without_echo(spread(heard, 0.0, length_s), QUESTION, until_s=until_s))


def test_an_echo_is_recognised_though_some_words_were_misheard() -> None:
    assert left_of("Tell me about a sister that you build and please") == ""


def test_words_of_the_candidates_own_are_kept() -> None:
    assert left_of("Sorry, could you repeat that?") == "Sorry, could you repeat that?"
    assert left_of("I built a system that ranks songs.") == "I built a system that ranks songs."


def test_only_the_echo_at_the_beginning_is_left_out() -> None:
    heard = "what you did yourself I built the cache and the index with two colleagues"
    assert left_of(heard) == "I built the cache and the index with two colleagues"


def test_whoever_takes_up_the_question_when_it_is_over_is_not_an_echo() -> None:
    assert left_of("a system that you built", until_s=0.0) == "a system that you built"
