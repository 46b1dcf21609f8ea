"""A few neutral words between an answer and a reply that is still to come. They never say what the answer was worth."""

from collections.abc import Sequence
from random import Random

from graphs.intents import by_rules
from graphs.lines import lines

AFTER_S = 0.3
"""How long a reply may take before something is said."""


class Bridges:
    """For one conversation. All are used before one comes again, and none twice in a row."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)
        self._left: list[str] = []
        self._last = ""

    @property
    def all(self) -> Sequence[str]:
        return lines()["bridge"]

    def after(self, said: str) -> str | None:
        """What to say after these words; None where they are a mere request, or a yes."""
        if by_rules(said).intent != "answer":
            return None
        if not self._left:
            self._left = self._random.sample(self.all, len(self.all))
            if self._left[-1] == self._last:
                self._left.reverse()
        self._last = self._left.pop()
        return self._last
