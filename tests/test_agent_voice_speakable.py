import pytest

from agent.voice.speakable import speakable


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("How would you run an A/B test?", "How would you run an A B test?"),
        ("We watch nDCG@10 and p99.", "We watch N D C G at 10 and P 99."),
        ("Latency fell to 200ms at p99.9.", "Latency fell to 200 milliseconds at P 99.9."),
        ("Retention rose 3% for 1,000,000 users.", "Retention rose 3 percent for 1000000 users."),
        ("It took 20-30 minutes and $2M.", "It took 20 to 30 minutes and 2 million dollars."),
        ("Training/serving skew, e.g. in `user_id`.", "Training or serving skew, for example in user id."),
        ("It is 2.5x faster — why?", "It is 2.5 times faster, why?"),
        ("Keep p99 < 200 & k=10.", "Keep P 99 below 200 and k equals 10."),
        ("A state-of-the-art, well-known system.", "A state-of-the-art, well-known system."),
    ],
)
def test_abbreviations_and_figures_are_read_as_people_say_them(written: str, said: str) -> None:
    assert speakable(written) == said


def test_plain_prose_is_left_alone() -> None:
    text = "Tell me about a time when you changed your mind. What happened next?"
    assert speakable(text) == text


def test_markup_is_not_spoken() -> None:
    assert speakable("# Title\n- **one** and `two`") == "Title one and two"
