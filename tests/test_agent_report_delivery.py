"""Pace, pauses and thinking, from the times of words."""

from collections.abc import Sequence

from agent.report.delivery import delivery
from agent.report.delivery_models import AnswerDelivery
from agent.report.hearing import Hearing
from agent.voice.words import SpokenTurn, Word
from graphs.models import Answer, Speaker, Turn


def words(
    text: str, *, at_s: float, each_s: float = 0.3, pauses: dict[int, float] | None = None
) -> list[Word]:
    """Words one after the other; `pauses` come before the words of those numbers."""
    placed = []
    for number, word in enumerate(text.split()):
        at_s += (pauses or {}).get(number, 0.0)
        placed.append(Word(text=word, start_s=at_s, end_s=at_s + each_s, p=0.9))
        at_s += each_s
    return placed


def measured(*turns: tuple[Speaker, Sequence[Word]]) -> AnswerDelivery:
    """One answer whose turns are these; each follows a question that ends where it is said to."""
    said, spoken = [], []
    for number, (speaker, heard) in enumerate(turns):
        turn, text = f"t{number}", " ".join(word.text for word in heard)
        asks = speaker == "interviewer"
        said.append(
            Turn(id=turn, speaker=speaker, kind="question" if asks else "answer", text=text, stage="s")
        )
        spoken.append(
            SpokenTurn(
                turn=turn,
                speaker=speaker,
                start_s=heard[0].start_s,
                end_s=heard[-1].end_s,
                words=list(heard),
            )
        )
    parts = [turn.id for turn in said if turn.speaker == "candidate"]
    answer = Answer(
        id="a1", stage="s", topic="t", question="t/q1", question_text="Q?", rows=[], points=[], parts=parts,
        text="\n".join(t.text for t in said if t.id in parts), complete=True,
    )  # fmt: skip
    found = delivery([answer], said, Hearing(spoken, said))
    assert found is not None
    return found.answers[0]


def test_pauses_amid_a_sentence_are_told_from_those_between_sentences() -> None:
    heard = words("We moved the loaves. Then we, well, waited.", at_s=5.0, pauses={4: 1.0, 6: 2.0})
    found = measured(("interviewer", words("What happened?", at_s=0.0)), ("candidate", heard))
    assert [pause.amid_sentence for pause in found.pauses] == [False, True]
    assert found.longest_pause_s == 2.0


def test_thinking_is_the_silence_before_each_reply_and_is_no_pause_amid_it() -> None:
    found = measured(
        ("interviewer", words("What happened?", at_s=0.0)),
        ("candidate", words("We moved them.", at_s=3.6)),
        ("interviewer", words("And then?", at_s=6.0)),
        ("candidate", words("We slept.", at_s=7.1)),
    )
    assert [round(gap.end_s - gap.start_s, 1) for gap in found.thinking] == [3.0, 0.5]
    assert found.first_word_s == 3.0
    assert found.pauses == []


def test_pace_is_told_over_time_without_the_pauses() -> None:
    slow = words("word " * 40, at_s=0.0, each_s=0.5, pauses={10: 5.0})
    fast = words("word " * 80, at_s=slow[-1].end_s, each_s=0.25)
    found = measured(("candidate", slow + fast))
    paces = [pace.words_per_minute for pace in found.paces]
    assert (paces[0], paces[-1]) == (120, 240)
    assert found.words_per_minute is not None
    assert 120 < found.words_per_minute < 240


def test_a_short_answer_has_no_pace_over_time() -> None:
    assert measured(("candidate", words("word " * 30, at_s=0.0))).paces == []
