"""How an answer was delivered: pace, pauses, length. Shown to the candidate and never part of a level."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Literal

from agent.report.delivery_models import AnswerDelivery, Delivery, Gap, Pace, Pause
from agent.report.hearing import Hearing
from agent.voice.hallucinations import FILLERS, only, plain
from agent.voice.words import Word
from graphs.models import Answer, Turn

PAUSE_S = 0.7
TARGET_S = (60.0, 180.0)
FEWEST_WORDS_FOR_A_RATE = 20
STRETCH_S = 15.0
"""Of speech, for which a pace is told; the last one takes the rest."""


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
    pauses = [pause for _, words in heard for pause in _pauses(words)]
    thinking = [gap for part, words in heard if (gap := _thinking(part, words, before, hearing))]
    count = sum(len(words) for _, words in heard)
    seconds = sum(map(_length_s, spans))
    speaking_s = seconds - sum(map(_length_s, pauses))
    countable = count >= FEWEST_WORDS_FOR_A_RATE and speaking_s > 0
    told_s = _length_s(spans[0]) if heard[0][0] == answer.parts[0] else 0.0
    first = thinking[0] if thinking and thinking[0].end_s == spans[0].start_s else None
    return AnswerDelivery(
        answer=answer.id,
        number=number,
        seconds=round(seconds, 1),
        words=count,
        words_per_minute=round(60 * count / speaking_s) if countable else None,
        paces=_paces([word for _, words in heard for word in words]),
        pauses=pauses,
        longest_pause_s=round(max(map(_length_s, pauses), default=0.0), 1),
        thinking=thinking,
        first_word_s=None if first is None else round(_length_s(first), 1),
        fillers_at_least=sum(_is_filler(word) for _, words in heard for word in words),
        first_telling_s=round(told_s, 1),
        against_target=_against(told_s),
        spans=spans,
    )


def _length_s(gap: Gap) -> float:
    return gap.end_s - gap.start_s


def _pauses(words: Sequence[Word]) -> list[Pause]:
    return [
        Pause(
            start_s=a.end_s,
            end_s=b.start_s,
            amid_sentence=not a.text.rstrip("\"'”’)").endswith((".", "!", "?")),
        )
        for a, b in pairwise(words)
        if b.start_s - a.end_s >= PAUSE_S
    ]


def _thinking(part: str, words: Sequence[Word], before: dict[str, Turn], hearing: Hearing) -> Gap | None:
    """The silence before a turn; None where it is not known when the interviewer ended."""
    earlier = before.get(part)
    asked = hearing.span(earlier.id) if earlier and earlier.speaker == "interviewer" else None
    return Gap(start_s=min(asked[1], words[0].start_s), end_s=words[0].start_s) if asked else None


def _paces(words: Sequence[Word]) -> list[Pace]:
    """Stretches of so much speech each; the time between two words counts as speech unless it is a pause."""
    stretches: list[tuple[list[Word], float]] = [([], 0.0)]
    last: Word | None = None
    for word in words:
        gap_s = word.start_s - last.end_s if last else 0.0
        said, spoken_s = stretches[-1]
        if spoken_s >= STRETCH_S:
            said, spoken_s, gap_s = [], 0.0, 0.0
            stretches.append((said, spoken_s))
        said.append(word)
        spoken_s += (gap_s if 0 < gap_s < PAUSE_S else 0.0) + word.end_s - word.start_s
        stretches[-1] = (said, spoken_s)
        last = word
    if len(stretches) > 1 and stretches[-1][1] < STRETCH_S / 2:
        (said, spoken_s), (rest, rest_s) = stretches[-2:]
        stretches[-2:] = [(said + rest, spoken_s + rest_s)]
    if len(stretches) < 2:
        return []
    return [
        Pace(start_s=said[0].start_s, end_s=said[-1].end_s, words_per_minute=round(60 * len(said) / spoken_s))
        for said, spoken_s in stretches
    ]


def _is_filler(word: Word) -> bool:
    """A sound of thinking. Speech recognition leaves most of them out, so that their number is a lower bound."""
    return bool(plain(word.text)) and only(word.text, FILLERS)


def _against(seconds: float) -> Literal["short", "within", "long"]:
    if seconds < TARGET_S[0]:
        return "short"
    return "long" if seconds > TARGET_S[1] else "within"
