from random import Random

from graphs.shaping import shaped

TEXT = (
    "We had a project on churn. I built the features and the training with a colleague from marketing. "
    "The list was used in the campaigns. Marketing was satisfied with it. I should have insisted on a control group."
)


def aside() -> str:
    return "There is a book on this with a red cover."


def test_a_plain_answer_stays_as_it_is() -> None:
    assert shaped(TEXT, "plain", Random(1), aside) == TEXT


def test_a_terse_answer_is_the_first_sentences_only() -> None:
    said = shaped(TEXT, "terse", Random(1), aside)
    assert TEXT.startswith(said)
    assert len(said.split()) < len(TEXT.split()) / 2


def test_a_rambling_answer_is_much_longer_with_nothing_new_in_it() -> None:
    said = shaped(TEXT, "rambling", Random(1), aside)
    assert len(said.split()) > 1.8 * len(TEXT.split())
    assert said.count(aside()) == 3
    assert all(sentence in said for sentence in TEXT.split(". ")[:2])


def test_a_nervous_answer_keeps_the_content_among_false_starts() -> None:
    said = shaped(TEXT, "nervous", Random(2), aside)
    assert len(said.split()) > len(TEXT.split())
    for words in (
        "built the features and the training",
        "used in the campaigns",
        "insisted on a control group",
    ):
        assert words in said
