"""What was found out about an answer while it was still spoken, so that little is left to do when it ends.

The steps of the graph look here before they ask the model, in a rehearsal on the words so far as well as in earnest.
In earnest, what was found out on nearly all of the words is good enough; a rehearsal keeps itself up to date.
"""

import asyncio
from collections.abc import Awaitable, Callable
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
    _wordings: "dict[tuple[str, str], _Wording]" = field(default_factory=dict)

    def note_shown(self, answer: str, row: str, words: str, shown: bool) -> None:
        self._verdicts[answer, row] = (_length(words), shown)

    def shown(self, answer: str, row: str, words: str) -> bool | None:
        """Whether the words show anything for a row. What was shown stays shown, however the answer goes on."""
        length, shown = self._verdicts.get((answer, row), (0, False))
        fresh = _length(words) <= length * (1.0 if self.rehearsing else NEARLY_ALL)
        return shown if shown or fresh else None

    async def wording(
        self,
        answer: str,
        by_hand: str,
        words: str,
        make: Callable[[], Awaitable[str | None]],
        within_s: float | None,
    ) -> str | None:
        """How a follow-up is worded, and made by `make` where that is not known; None where it takes too long.

        What it picks up has been said in any case. One that is being made already is waited for, whoever began it.
        """
        length = _length(words)
        known = self._wordings.get((answer, by_hand))
        if known is None or known.failed or (self.rehearsing and length > known.length * OUTGROWN):
            made = asyncio.ensure_future(make())
            known = self._wordings[answer, by_hand] = _Wording(length, made, known.text if known else None)
        if known.text is None or self.rehearsing:
            await asyncio.wait([known.made], timeout=within_s)
        return known.text

    def drop_unfinished(self) -> None:
        """The turn is over: what was not ready for it is of no use."""
        for wording in self._wordings.values():
            wording.made.cancel()
        self.odds.clear()


@dataclass(frozen=True)
class _Wording:
    length: int
    """Words of the answer that it is made from."""
    made: "asyncio.Future[str | None]"
    before: str | None
    """What was made from fewer words."""

    @property
    def text(self) -> str | None:
        made = self.made.done() and not self.made.cancelled()
        return (self.made.result() if made else None) or self.before

    @property
    def failed(self) -> bool:
        return self.made.done() and self.text is None


def _length(words: str) -> int:
    return len(words.split())
