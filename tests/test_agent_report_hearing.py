"""When each character of a transcript was said."""

from agent.report.hearing import Hearing, align, parts_of
from agent.voice.words import SpokenTurn, Word
from graphs.models import Answer, Turn


def _turn(id_: str, text: str) -> Turn:
    return Turn(id=id_, speaker="candidate", kind="answer", text=text, stage="behavioral")


def _spoken(turn: str, text: str, *, start_s: float = 10.0, p: float = 0.9) -> SpokenTurn:
    words = [
        Word(text=word, start_s=start_s + i, end_s=start_s + i + 0.8, p=p)
        for i, word in enumerate(text.split())
    ]
    return SpokenTurn(turn=turn, speaker="candidate", start_s=start_s, end_s=words[-1].end_s, words=words)


def test_a_character_is_heard_when_its_word_begins() -> None:
    text = "We cut latency by half."
    hearing = Hearing([_spoken("c1", text)], [_turn("c1", text)])
    assert hearing.at_s("c1", text.index("latency")) == 12.0
    assert hearing.at_s("c1", text.index("latency") + 3) == 12.0
    assert hearing.at_s("c1", text.index(" by")) == 13.0


def test_text_that_differs_from_what_was_recognised_is_still_aligned() -> None:
    text = "We cut the p99 latency by one half, roughly."
    hearing = Hearing([_spoken("c1", "we cut P99, latency by half")], [_turn("c1", text)])
    assert hearing.at_s("c1", text.index("p99")) == 12.0
    assert hearing.at_s("c1", text.index("latency")) == 13.0
    at_s = hearing.at_s("c1", text.index("one"))
    assert at_s is not None
    assert 14.0 < at_s < 15.0


def test_a_turn_that_was_typed_has_no_times() -> None:
    hearing = Hearing([], [_turn("c1", "Fine.")])
    assert hearing.at_s("c1", 0) is None
    assert hearing.span("c1") is None


def test_what_was_added_to_a_turn_belongs_to_it() -> None:
    text = "First this and then that"
    added = _spoken("c2", "and then that", start_s=20.0).model_copy(update={"amends": True})
    hearing = Hearing([_spoken("c1", "First this"), added], [_turn("c1", text)])
    assert hearing.at_s("c1", text.index("then")) == 21.0
    assert hearing.span("c1") == (10.0, 22.8)


def test_a_line_that_the_interviewer_withdrew_belongs_to_no_turn() -> None:
    withdrawn = _spoken("i9", "Thank you").model_copy(update={"speaker": "interviewer"})
    hearing = Hearing([_spoken("c1", "First this"), withdrawn], [_turn("c1", "First this")])
    assert len(hearing.words("c1")) == 2
    assert hearing.words("i9") == []


def test_words_heard_with_less_than_even_confidence_are_doubtful() -> None:
    spoken = _spoken("c1", "we used Annoy")
    unsure = spoken.words[2].model_copy(update={"p": 0.49})
    spoken = spoken.model_copy(update={"words": [*spoken.words[:2], unsure]})
    hearing = Hearing([spoken], [_turn("c1", "we used Annoy")])
    assert hearing.doubtful("c1") == [(8, 13)]


def test_a_word_with_a_hyphen_is_aligned_whole() -> None:
    tokens = align("an end-to-end test", [_spoken("c1", "an end-to-end test")])
    assert [round(t.at_s, 1) for t in tokens] == [10.0, 11.0, 11.0, 11.0, 12.0]


def test_parts_are_found_in_order_even_where_their_words_repeat() -> None:
    answer = Answer(
        id="a1",
        stage="behavioral",
        topic="feedback",
        question="feedback/q1",
        question_text="?",
        rows=["star.action"],
        points=[],
        parts=["c1", "c2", "c3"],
        text="yes\nyes\nno",
        complete=True,
    )
    parts = parts_of(answer, {"c1": "yes", "c2": "yes", "c3": "gone"})
    assert [(p.turn, p.start, p.end) for p in parts] == [("c1", 0, 3), ("c2", 4, 7)]
