"""What every simulated candidate says besides answers, and a stock of lines that does not run dry."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from graphs.manner import SENTENCE_END

MOST_MIXES = 30

ABLE = ("Yes, that would be possible.", "Yes, I could do that.", "Yes, that is no problem for me.")
"""What every simulated candidate says to a knock-out."""
BACK = ("I'm back, we can go on.", "Okay, let's continue.", "Yes, I'm ready, let's go on.")
ONWARD = ("Yes, let's go on.", "Okay, I'm ready.", "Sure, go ahead.")
REPEAT = (
    "Sorry, could you repeat the question?",
    "Could you say that again, please?",
    "Can you repeat that, please?",
)
MINUTE = ("Give me a minute to think, please.", "Let me think for a moment.", "One moment, please.")
SKIP = ("Let's skip this one, please.", "Can we skip this question?", "I'd like to skip this one.")
DONE = ("That's my answer.", "That's it from me.", "So that's my answer.")
NO_QUESTIONS = (
    "No, that's all from my side, thank you.",
    "No, that's it, thanks.",
    "No, I'm good, thank you.",
)
NOTHING_TO_ADD = (
    "What I told you just now is all that I have on that.",
    "I think I have said what there is to say about that.",
    "There is not much more that I could tell you about it.",
    "No, I would leave it at what I told you before.",
    "That was really all of it, as far as I am concerned.",
)


class Stock:
    """Draws from phrases so that each is used before any is used again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._uses: Counter[str] = Counter()

    def draw(self, phrases: Sequence[str]) -> str:
        least = min(self._uses[phrase] for phrase in phrases)
        chosen = self._rng.choice([phrase for phrase in phrases if self._uses[phrase] == least])
        self._uses[chosen] += 1
        return chosen


class Lines:
    """Gives each line once. After that it mixes their sentences, so that nothing is said twice word for word."""

    def __init__(self, lines: Sequence[str], rng: Random) -> None:
        self._rng = rng
        self._all = [SENTENCE_END.split(line) for line in lines]
        self._fresh = list(lines)
        self._rng.shuffle(self._fresh)
        self._said: set[str] = set()

    def next(self) -> str:
        line = self._fresh.pop() if self._fresh else self._mixed()
        self._said.add(line)
        return line

    def _mixed(self) -> str:
        mixed = ""
        for _ in range(MOST_MIXES):
            one, other = self._rng.choice(self._all), self._rng.choice(self._all)
            head, tail = self._rng.randint(1, len(one)), self._rng.randint(1, len(other))
            mixed = " ".join([*one[:head], *other[-tail:]])
            if mixed not in self._said:
                break
        return mixed
