"""Sentences keep their place in the answer, whatever speech recognition did to the punctuation."""

from rubrics.sentences import MAX_WORDS, Span, sentences, words


def texts(answer: str) -> list[str]:
    return [span.of(answer) for span in sentences(answer)]


def test_sentences_are_found_with_their_offsets() -> None:
    answer = "  We had a plan.  It failed! Why?\nNobody knew "
    assert texts(answer) == ["We had a plan.", "It failed!", "Why?", "Nobody knew"]


def test_figures_and_dots_inside_words_do_not_end_a_sentence() -> None:
    answer = "Latency fell to 3.5 milliseconds at p99.9 in v2.1 of it. Good."
    assert texts(answer) == ["Latency fell to 3.5 milliseconds at p99.9 in v2.1 of it.", "Good."]


def test_an_answer_without_punctuation_is_cut_at_joining_words() -> None:
    clause = "i looked at the numbers of every market that we had at that time"
    answer = " and ".join([clause] * 12)
    pieces = texts(answer)
    assert len(pieces) > 3
    assert all(len(piece.split()) <= MAX_WORDS for piece in pieces)
    assert all(piece.startswith("and ") for piece in pieces[1:])
    assert " ".join(pieces) == answer


def test_punctuation_alone_is_no_sentence() -> None:
    assert texts("... ?! - ...") == []


def test_only_the_parts_asked_for_are_split() -> None:
    answer = "One two. Three four. Five six."
    assert [s.of(answer) for s in sentences(answer, [Span(9, 30)])] == ["Three four.", "Five six."]


def test_words_keep_their_punctuation_and_place() -> None:
    answer = "So, it went well."
    assert [w.of(answer) for w in words(answer, Span(0, len(answer)))] == ["So,", "it", "went", "well."]
