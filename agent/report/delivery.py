"""How an answer was delivered: pace, pauses, length. Shown to the candidate and never part of a level."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Literal

from agent.report.hearing import Hearing
from agent.report.models import AnswerDelivery, Delivery, Gap
from agent.voice.hallucinations import FILLERS, only, plain
from agent.voice.words import Word
from graphs.models import Answer, Turn

PAUSE_S = 0.7
TARGET_S = (60.0, 180.0)
FEWEST_WORDS_FOR_A_RATE = 20


def delivery(answers: Sequence[Answer], turns: Sequence[Turn], hearing: Hearing) -> Delivery | None:
    """None where nothing that was answered has times, as in a typed session."""
    before = {later.id: earlier for earlier, later in pairwise(turns)}
    found = [
        _of_answer(number, answer, before, hearing)
        for number, answer in enumerate(answers, 1)
        if any(hearing.words(part) for part in answer.parts)
    ]
    if not found:
        return None
    rates = [a.words_per_minute for a in found if a.words_per_minute is not None]
    return Delivery(
        words_per_minute=round(median(rates)) if rates else None,
        pause_s=PAUSE_S,
        target_s=TARGET_S,
        answers=found,
    )


def _of_answer(number: int, answer: Answer, before: dict[str, Turn], hearing: Hearing) -> AnswerDelivery:
    heard = [(part, words) for part in answer.parts if (words := hearing.words(part))]
    spans = [Gap(start_s=words[0].start_s, end_s=words[-1].end_s) for _, words in heard]
    pauses = [gap for _, words in heard for gap in _pauses(words)]
    count = sum(len(words) for _, words in heard)
    seconds = sum(s.end_s - s.start_s for s in spans)
    speaking_s = seconds - sum(p.end_s - p.start_s for p in pauses)
    countable = count >= FEWEST_WORDS_FOR_A_RATE and speaking_s > 0
    told_s = spans[0].end_s - spans[0].start_s if heard[0][0] == answer.parts[0] else 0.0
    return AnswerDelivery(
        answer=answer.id,
        number=number,
        seconds=round(seconds, 1),
        words=count,
        words_per_minute=round(60 * count / speaking_s) if countable else None,
        pauses=pauses,
        longest_pause_s=round(max((p.end_s - p.start_s for p in pauses), default=0.0), 1),
        first_word_s=_first_word_s(heard[0][0], heard[0][1], before, hearing),
        fillers_at_least=sum(_is_filler(word) for _, words in heard for word in words),
        first_telling_s=round(told_s, 1),
        against_target=_against(told_s),
        spans=spans,
    )


def _pauses(words: Sequence[Word]) -> list[Gap]:
    return [
        Gap(start_s=a.end_s, end_s=b.start_s) for a, b in pairwise(words) if b.start_s - a.end_s >= PAUSE_S
    ]


def _first_word_s(
    part: str, words: Sequence[Word], before: dict[str, Turn], hearing: Hearing
) -> float | None:
    earlier = before.get(part)
    asked = hearing.span(earlier.id) if earlier and earlier.speaker == "interviewer" else None
    return round(max(0.0, words[0].start_s - asked[1]), 1) if asked else None


def _is_filler(word: Word) -> bool:
    """A sound of thinking. Speech recognition leaves most of them out, so that their number is a lower bound."""
    return bool(plain(word.text)) and only(word.text, FILLERS)


def _against(seconds: float) -> Literal["short", "within", "long"]:
    if seconds < TARGET_S[0]:
        return "short"
    return "long" if seconds > TARGET_S[1] else "within"
