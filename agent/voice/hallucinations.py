"""What speech recognition writes when nobody spoke, and the rules that keep it out of an answer.

Whisper was trained on subtitles: on silence, breath and noise it writes thanks, greetings and credits, or goes round
in a loop. A rule here may lose a word of a mumbled answer; it must never let an invented one through.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.voice.words import Word, text_of


def plain(text: str) -> list[str]:
    """The words of `text` in lower case, without punctuation."""
    return re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", text.lower().replace("’", "'"))


FILLERS = frozenset(plain("ah eh er erm hm hmm huh mhm mm mmm uh uhh uhm um umm"))
"""Sounds of thinking. Alone they are never a turn."""
LISTENING = FILLERS | frozenset(
    plain("aha alright cool gotcha i oh ok okay right see sure uh-huh yeah yep yes")
)
"""What listeners say while another speaks; it does not ask for the floor."""

_INVENTED = frozenset(
    {
        "bye",
        "bye bye",
        "i'm sorry",
        "music",
        "please subscribe",
        "so",
        "subtitles by the amara org community",
        "thank you",
        "thank you for watching",
        "thank you so much",
        "thank you very much",
        "thanks",
        "thanks for watching",
        "the end",
        "you",
    }
)
_WORDS_PER_S = 7.0
_USUAL_WORDS_PER_S = 4.0


@dataclass(frozen=True)
class Reading:
    """What the recogniser says about one stretch of speech."""

    words: Sequence[Word]
    no_speech: float
    """The model's own probability that nobody spoke."""
    log_prob: float
    """Mean log-probability of its tokens."""


def only(text: str, vocabulary: frozenset[str]) -> bool:
    """Whether `text` holds no word outside `vocabulary`. Text without words counts."""
    return all(word in vocabulary for word in plain(text))


def is_invented(reading: Reading, *, length_s: float, prompt: str = "") -> bool:
    """Whether the text was made up. `length_s` is how long the sound was that it was made of, or part of."""
    said = plain(text_of(reading.words))
    if not said:
        return True
    sure = sum(word.p for word in reading.words) / len(reading.words)
    unsure = sure < 0.15 or reading.log_prob < -1.0 or (reading.no_speech > 0.6 and reading.log_prob < -0.5)
    too_fast = len(said) > 3 and _is_too_fast(len(said), length_s)
    return unsure or too_fast or _is_stock(reading, said, length_s) or _echoes(reading, said, prompt)


def said_once(words: Sequence[Word], length_s: float) -> list[Word]:
    """The words; half of them where they are the same thing twice, quicker than anybody could say it twice."""
    half = len(words) // 2
    first, second = text_of(words[:half]), text_of(words[half:])
    twice = half > 0 and plain(first) == plain(second)
    return list(words[:half] if twice and _is_too_fast(len(words), length_s, _USUAL_WORDS_PER_S) else words)


def _is_too_fast(words: int, length_s: float, words_per_s: float = _WORDS_PER_S) -> bool:
    return words > words_per_s * max(length_s, 0.3)


def _is_stock(reading: Reading, said: list[str], length_s: float) -> bool:
    if " ".join(said) not in _INVENTED:
        return False
    weakest = min(word.p for word in reading.words)
    return reading.no_speech > 0.2 or weakest < 0.6 or length_s < 0.15 * len(said)


def _echoes(reading: Reading, said: list[str], prompt: str) -> bool:
    """Words of the prompt coming back, unsure of themselves."""
    return bool(prompt) and reading.log_prob < -0.6 and set(said) <= set(plain(prompt))


def without_loops(words: Sequence[Word], *, longest: int = 12) -> list[Word]:
    """The words, with a phrase that comes four times or more in a row kept once.

    People repeat themselves, but not four times over; recognisers do.
    """
    kept = list(words)
    tokens = [" ".join(plain(word.text)) for word in kept]
    for size in range(1, longest + 1):
        at = 0
        while at + 4 * size <= len(tokens):
            phrase = tokens[at : at + size]
            times = 1
            while tokens[at + times * size : at + (times + 1) * size] == phrase:
                times += 1
            if times >= 4:
                del kept[at + size : at + times * size], tokens[at + size : at + times * size]
            at += 1
    return kept
