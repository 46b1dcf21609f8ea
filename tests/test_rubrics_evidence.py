"""Where the sentence that a yes rests on is looked for."""

from rubrics.evidence import candidates, cue_hits
from rubrics.models import Check
from rubrics.sentences import sentences

ANSWER = (
    "In 2021 we had two weeks before the launch. We rewrote the loader together. "
    "I moved the join into a cache because a rewrite was too risky. Latency fell from nine to four seconds."
)


def found(check: Check) -> list[tuple[str, bool]]:
    return [(span.of(ANSWER), pointed) for span, pointed in candidates(check, ANSWER, sentences(ANSWER))]


def check(cues: list[str], needs: str = "words", ask: str = "Does the candidate say so?") -> Check:
    return Check.model_validate({"id": "it", "level": 3, "ask": ask, "needs": needs, "cues": cues})


def test_the_sentence_with_most_cues_comes_first() -> None:
    assert found(check(["fell", "from", "before"]))[0] == ("Latency fell from nine to four seconds.", True)


def test_a_figure_is_demanded_where_the_check_needs_one() -> None:
    assert found(check(["rewrote", "fell"], needs="figure")) == [
        ("Latency fell from nine to four seconds.", True)
    ]


def test_we_is_not_taken_for_i() -> None:
    (only,) = found(check(["rewrote"], needs="self"))
    assert only == ("I moved the join into a cache because a rewrite was too risky.", False)


def test_a_cue_is_the_beginning_of_a_word() -> None:
    assert cue_hits(check(["late", "isky"]), "Latency was risky.") == 1


def test_words_of_the_check_stand_in_for_cues() -> None:
    assert found(check([], ask="Does the candidate mention latency?"))[0][0].startswith("Latency fell")


def test_without_any_cue_the_longest_sentences_are_tried() -> None:
    assert [pointed for _, pointed in found(check(["zebra"]))] == [False, False]
