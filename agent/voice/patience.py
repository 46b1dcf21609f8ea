"""How long a silence is taken for thinking."""

from collections import deque
from math import inf
from typing import Literal

from agent.voice.endings import Ending, ending

Setting = Literal["quick", "normal", "patient", "push-to-talk"]

_FACTOR: dict[Setting, float] = {"quick": 0.8, "normal": 1.0, "patient": 1.6, "push-to-talk": inf}
_WAITS_S: dict[Ending, float] = {
    "handed over": 0.6,
    "finished": 0.8,
    "replies": 0.9,
    "trails off": 1.2,
    "uncertain": 1.8,
    "unfinished": 3.0,
    "thinking": 4.0,
    "asks for time": 9.0,
    "only asks for time": 2.7,
}
"""For a stage of usual patience."""
_LEFT_TO_THE_VOICE: tuple[Ending, ...] = ("finished", "uncertain")
_USUAL_S = 1.4
_LEAST_OPEN_S = 2.8
"""A pause of 2.5 s amid a thought is never the end, however impatient the stage."""
_SOUNDS_OPEN, _SOUNDS_CLOSED = 0.15, 0.4
"""Likelihoods of an end, by the voice, between which finished words wait from long to short.

Measured on Piper's voice: half of all last sentences of an answer lie above 0.41, and nine in ten of those that were
cut amid a phrase below 0.43.
"""
_MOST_DOUBT_S = 2.2
"""However the voice sounds, finished words wait no longer: now and then it is mistaken."""
_MOST_HABIT_S = 2.0
_HABIT_MARGIN_S = 0.25


class Patience:
    """Of one interviewer with one candidate. `stage_s` is the stage's own: seconds after finished-sounding words.

    It learns from the pauses that turned out to be none of its ends: whoever pauses for long between sentences is
    given longer.
    """

    def __init__(self, setting: Setting = "normal", stage_s: float = _USUAL_S) -> None:
        self.setting = setting
        self.stage_s = stage_s
        self._habits_s: deque[float] = deque(maxlen=6)

    def wait_s(self, text: str, sounds_like_end: float | None = None, *, hums: bool = False) -> float:
        """The silence that ends a turn of which `text` was heard.

        `sounds_like_end` goes by the voice alone; who `hums` made a sound behind the words that is none.
        """
        how = "unfinished" if hums else ending(text)
        factor = _FACTOR[self.setting]
        stage = self.stage_s / _USUAL_S
        base_s = _WAITS_S[how]
        if how in _LEFT_TO_THE_VOICE:
            base_s *= 0.9 + 0.1 * stage
            wait_s = base_s + _doubt(sounds_like_end) * (_MOST_DOUBT_S - base_s)
            return factor * max(wait_s, self._habit_s())
        if how in ("handed over", "replies", "trails off"):
            return factor * base_s
        return max(factor * max(base_s, base_s * stage), _LEAST_OPEN_S if self.setting != "quick" else 0.0)

    def went_on(self, text: str, pause_s: float) -> None:
        """The candidate spoke on after a pause behind `text`."""
        if voice_tells(text):
            self._habits_s.append(pause_s)

    def _habit_s(self) -> float:
        """The second longest of the last pauses: a single one is chance."""
        if len(self._habits_s) < 2:
            return 0.0
        return min(_MOST_HABIT_S, sorted(self._habits_s)[-2] + _HABIT_MARGIN_S)


def voice_tells(text: str) -> bool:
    """Whether the wait after these words depends on how the voice sounds."""
    return ending(text) in _LEFT_TO_THE_VOICE


def _doubt(sounds_like_end: float | None) -> float:
    """0 where the voice sounds final, or nothing is known of it; 1 where it sounds as if more came."""
    if sounds_like_end is None:
        return 0.0
    return min(1.0, max(0.0, (_SOUNDS_CLOSED - sounds_like_end) / (_SOUNDS_CLOSED - _SOUNDS_OPEN)))
