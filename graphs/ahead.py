"""What was found out about an answer while it was still spoken, so that little is left to do when it ends.

The steps of the graph look here before they ask the model, in a rehearsal on the words so far as well as in earnest.
In earnest, what was found out on nearly all of the words is good enough; a rehearsal keeps itself up to date.
"""

from dataclasses import dataclass, field

NEARLY_ALL = 1.3
"""How many times as long an answer may have become since a row was found missing in it."""
OUTGROWN = 1.5
"""A rehearsal chooses again what a follow-up picks up when the answer has become so many times as long."""


@dataclass
class Ahead:
    """Belongs to one interview. Answers are named by their ids."""

    rehearsing: bool = False
    odds: dict[str, float] = field(default_factory=dict)
    """Log-odds of yes by prompt, for the turn under way."""
    _verdicts: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    _wordings: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def note_shown(self, answer: str, row: str, words: str, shown: bool) -> None:
        self._verdicts[answer, row] = (_length(words), shown)

    def shown(self, answer: str, row: str, words: str) -> bool | None:
        """Whether the words show anything for a row. What was shown stays shown, however the answer goes on."""
        length, shown = self._verdicts.get((answer, row), (0, False))
        fresh = _length(words) <= length * (1.0 if self.rehearsing else NEARLY_ALL)
        return shown if shown or fresh else None

    def note_wording(self, answer: str, by_hand: str, words: str, text: str) -> None:
        self._wordings[answer, by_hand] = (_length(words), text)

    def wording(self, answer: str, by_hand: str, words: str) -> str | None:
        """How a follow-up was worded; what it picks up has been said in any case."""
        length, text = self._wordings.get((answer, by_hand), (0, None))
        return None if self.rehearsing and _length(words) > length * OUTGROWN else text


def _length(words: str) -> int:
    return len(words.split())
