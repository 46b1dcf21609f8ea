"""Puts a candidate's turn together from stretches of speech: what to transcribe, when, and when the turn is over.

No sound and no clock in here: voice activity and the recogniser tell it what happened, at which second.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from agent.voice.echo import without_echo
from agent.voice.hallucinations import FILLERS, LISTENING, only
from agent.voice.words import Heard, Word, text_of

SETTLED_AFTER_S = 4.0
"""A stretch this long is transcribed once. A shorter one is read again together with what follows, as the recogniser
hears little in a few words out of context."""
LONGEST_STRETCH_S = 24.0
"""After so much speech without a pause it is cut at its quietest place."""
MOST_AT_ONCE_S = 28.0
"""The recogniser looks at 30 s at a time. More can have come together while it was busy."""
_BEFORE_S = 0.3
_AFTER_S = 0.25
_FIRST_LOOK_S = 0.7
_NEXT_LOOK_S = 1.5
_FEW_WORDS = 4
_LINES = 3
_ECHO_S = 0.4
_SURE = 0.55

Purpose = Literal[
    "settle",  # long enough: its words stand
    "keep",  # its words count, but it is read again if the candidate goes on
    "look",  # is it words at all, that come while the interviewer speaks?
]


@dataclass(frozen=True)
class Stretch:
    """Sound to transcribe. `speech` are the parts of it in which somebody speaks, with a little silence around each.

    Only those are given to the recogniser: it takes a long pause for the end and drops what comes after.
    """

    start_s: float
    end_s: float
    speech: tuple[tuple[float, float], ...]
    purpose: Purpose
    goes_on: bool
    """It ends amid speech, and may be cut shorter."""

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s

    def cut_at(self, end_s: float) -> "Stretch":
        kept = tuple((a, min(b, end_s)) for a, b in self.speech if a < end_s)
        return Stretch(self.start_s, end_s, kept, self.purpose, goes_on=True)


class TurnBuilder:
    """The turn under way.

    `floor_until_s` is for whoever plays the interviewer's voice to set: when it ended, infinity while it is heard.
    """

    def __init__(self) -> None:
        self.floor_until_s = 0.0
        self._said: deque[str] = deque(maxlen=_LINES)
        """The interviewer's last lines: their echo is not the candidate."""
        self._read_until_s = 0.0
        self._clear()

    def _clear(self) -> None:
        self._settled: list[Word] = []
        self._unsettled: list[Word] = []
        self._voiced: list[tuple[float, float]] = []
        self._open_from_s: float | None = None
        self._speech_from_s: float | None = None
        self._under_voice = False
        self._looked_at_s = 0.0
        self._transcript_s = 0.0
        self._hurry = False

    @property
    def speaking(self) -> bool:
        return self._speech_from_s is not None

    @property
    def idle(self) -> bool:
        """Nothing was said that has not been dealt with."""
        return not self.speaking and self._open_from_s is None and not self._settled

    @property
    def words(self) -> list[Word]:
        return self._settled + self._unsettled

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def settled_text(self) -> str:
        return text_of(self._settled)

    @property
    def spoken_until_s(self) -> float:
        return self._voiced[-1][1] if self._voiced else 0.0

    def needed_from_s(self, now_s: float) -> float:
        """Sound before this will not be asked for again."""
        return now_s if self._open_from_s is None else self._open_from_s

    def conclude(self) -> None:
        """The candidate says that this was all: no more patience for the turn under way."""
        self._hurry = not self.idle

    def interviewer_speaks(self, text: str) -> None:
        self.floor_until_s = inf
        self._said.append(text)

    def speech_started(self, at_s: float) -> None:
        if self.idle:
            self._under_voice = self.floor_until_s == inf
        self._speech_from_s = at_s
        self._hurry = False
        if self._open_from_s is None:
            self._open_from_s = max(at_s - _BEFORE_S, self._read_until_s)

    def speech_ended(self, at_s: float) -> None:
        """Nothing happens where nobody was speaking."""
        if self._speech_from_s is not None:
            self._voiced.append((self._speech_from_s, max(at_s, self._speech_from_s)))
        self._speech_from_s = None

    def due(self, now_s: float) -> Stretch | None:
        """What should be transcribed now; the caller may cut it shorter."""
        if self._open_from_s is None:
            return None
        if not self.speaking:
            end_s = self.spoken_until_s + _AFTER_S
            if self.all_read:
                return None
            long = end_s - self._open_from_s >= SETTLED_AFTER_S
            return self._stretch(end_s, "settle" if long else "keep")
        open_s = now_s - self._open_from_s
        if open_s >= LONGEST_STRETCH_S:
            return self._stretch(now_s, "settle")
        if (
            self.floor_until_s == inf
            and open_s >= _FIRST_LOOK_S
            and now_s - self._looked_at_s >= _NEXT_LOOK_S
        ):
            self._looked_at_s = now_s
            return self._stretch(now_s, "look")
        return None

    def _stretch(self, end_s: float, purpose: Purpose) -> Stretch:
        start_s = self._open_from_s or 0.0
        running = [(self._speech_from_s, end_s)] if self._speech_from_s is not None else []
        speech: list[tuple[float, float]] = []
        for began_s, ended_s in self._voiced + running:
            a, b = max(began_s - _BEFORE_S, start_s), min(ended_s + _AFTER_S, end_s)
            if speech and a <= speech[-1][1]:
                a = speech.pop()[0]
            if b > a:
                speech.append((a, b))
        return Stretch(start_s, end_s, tuple(speech), purpose, goes_on=self.speaking)

    def transcribed(self, stretch: Stretch, words: Sequence[Word], now_s: float) -> None:
        """The recogniser is done with `stretch`; `words` have times on the session's timeline."""
        self._transcript_s = now_s
        words = without_echo(words, " ".join(self._said), until_s=self.floor_until_s + _ECHO_S)
        self._unsettled = words
        if stretch.purpose == "look":
            return
        self._read_until_s = stretch.end_s
        if stretch.purpose == "settle" or not words:
            self._settled += words
            self._unsettled = []
            self._open_from_s = self._next_opening_s(stretch.end_s)
        if not self.speaking and self.all_read and not self.asks_for_the_floor():
            self._clear()

    def _next_opening_s(self, read_until_s: float) -> float | None:
        """Where the first speech begins that has not been read."""
        starts = [max(a - _BEFORE_S, read_until_s) for a, b in self._voiced if b > read_until_s]
        if self._speech_from_s is not None:
            starts.append(max(self._speech_from_s - _BEFORE_S, read_until_s))
        return min(starts, default=None)

    @property
    def all_read(self) -> bool:
        """Whether there are words for all that was said, up to the last pause."""
        return self.spoken_until_s <= self._read_until_s

    def asks_for_the_floor(self) -> bool:
        """Whether what was heard so far is more than what listeners and thinkers say.

        Against the interviewer's voice, a few words that the recogniser doubts are a hum, or a cough.
        """
        under_the_voice = self.floor_until_s == inf or (
            not self.speaking and self.spoken_until_s < self.floor_until_s
        )
        if not under_the_voice:
            return not only(self.text, FILLERS)
        return not only(self.text, LISTENING) and _sure(self.words)

    def over(self, now_s: float, wait_s: float) -> bool:
        """Whether the turn is complete: all of it transcribed, and followed by a silence of `wait_s`."""
        if self.speaking or not self.words or not self.all_read:
            return False
        return self._hurry or now_s - self.spoken_until_s >= wait_s

    def take(self, now_s: float) -> Heard:
        """The finished turn; the next one begins."""
        heard = Heard(self.words, self.spoken_until_s, now_s, self._transcript_s, self._under_voice)
        self._clear()
        return heard


def _sure(words: Sequence[Word]) -> bool:
    return len(words) > _FEW_WORDS or sum(word.p for word in words) / len(words) >= _SURE
