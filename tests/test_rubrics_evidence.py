"""Where the sentence that a yes rests on is looked for."""

from rubrics.evidence import candidates, cue_hits
from rubrics.models import Check
from rubrics.sentences import sentences

ANSWER = (
    "In 2021 we had two weeks before the launch. We rewrote the loader together. "
    "I moved the join into a cache because a rewrite was too risky. Latency fell from nine to four seconds."
)


def found(check: Check) -> list[str]:
    return [span.of(ANSWER) for span in candidates(check, ANSWER, sentences(ANSWER))]


def check(cues: list[str], needs: str = "words", ask: str = "Does the candidate say so?") -> Check:
    return Check.model_validate({"id": "it", "level": 3, "ask": ask, "needs": needs, "cues": cues})


def test_the_sentence_with_most_cues_is_taken() -> None:
    assert found(check(["fell", "from", "before"])) == ["Latency fell from nine to four seconds."]


def test_a_figure_is_demanded_where_the_check_needs_one() -> None:
    assert found(check(["rewrote", "fell"], needs="figure")) == ["Latency fell from nine to four seconds."]


def test_we_is_not_taken_for_i() -> None:
    assert found(check(["rewrote"], needs="self")) == []


def test_a_cue_is_the_beginning_of_a_word() -> None:
    assert cue_hits(check(["late", "isky"]), "Latency was risky.") == 1


def test_without_any_cue_in_the_answer_there_is_no_quote() -> None:
    assert found(check(["zebra"])) == []


def test_a_check_without_cues_looks_for_its_own_words_first_and_then_for_long_sentences() -> None:
    first, second, *_ = found(check([], ask="Does the candidate mention latency?"))
    assert first.startswith("Latency fell")
    assert second.startswith("I moved")
