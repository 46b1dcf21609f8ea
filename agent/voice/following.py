"""The words of a breath that is still going on: for captions only, nothing is decided by them.

A breath is read again and again while it lasts, its end each time; words that lie well behind stay as they were read.
"""

from collections.abc import Sequence

from agent.voice.words import Word, text_of

EVERY_S = 0.6
_SHORTEST_S = 0.6
_LONGEST_S = 5.0
"""What is read at once: about a quarter of a second's work."""
_SURE_S = 1.2
"""Words that end so long ago are not read again once there is more than that."""


class Following:
    """Knows from which moment on the words are not known otherwise."""

    def __init__(self) -> None:
        self._from_s = 0.0
        self._looked_s = 0.0
        self._words: list[Word] = []
        self._sure = 0

    @property
    def text(self) -> str:
        return text_of(self._words)

    def breath_begins(self, at_s: float, *, all_known: bool) -> None:
        """Nobody speaks just before that. Unless `all_known`, what was said earlier is still read for captions only."""
        if all_known:
            self._from_s = max(self._from_s, at_s)

    def known_until(self, at_s: float) -> None:
        """What was said before that is known otherwise by now."""
        self._words = [word for word in self._words if word.start_s >= at_s]
        self._sure = 0
        self._from_s = max(self._from_s, at_s)

    def due(self, now_s: float) -> tuple[float, float] | None:
        """The sound to read now."""
        if now_s - self._looked_s < EVERY_S or now_s - self._from_s < _SHORTEST_S:
            return None
        self._looked_s = now_s
        return self._from_s, now_s

    def read(self, words: Sequence[Word], until_s: float) -> None:
        """These are the words from where `due` began up to there."""
        self._words = [*self._words[: self._sure], *words]
        if until_s - self._from_s <= _LONGEST_S:
            return
        sure = [word for word in words if word.end_s <= until_s - _SURE_S]
        if sure:
            self._sure += len(sure)
            self._from_s = sure[-1].end_s
