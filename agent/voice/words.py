"""Words with their times and how sure the recogniser was of them; `words.jsonl` is made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from graphs.models import Speaker


class Word(BaseModel):
    """One word, with the punctuation that belongs to it. Times are on the session's timeline."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    start_s: float
    end_s: float
    p: float
    """The recogniser's probability; 1 for words that the interviewer was given to say."""


@dataclass(frozen=True)
class Heard:
    """What a candidate said in one turn."""

    words: list[Word]
    last_sound_s: float
    """Where the candidate's voice ends."""
    decided_s: float
    """When the silence after it was taken for the end of the turn."""
    transcript_s: float
    """When the last of it had been transcribed."""
    under_voice: bool = False
    """It began while the interviewer spoke."""
    typed: bool = False

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def start_s(self) -> float:
        return self.words[0].start_s


class SpokenTurn(BaseModel):
    """A line of `words.jsonl`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turn: str
    speaker: Speaker
    start_s: float
    end_s: float
    words: list[Word]
    amends: bool = False
    """More words for the turn before, said before the candidate could hear of a reply."""
    typed: bool = False
    """Written amid a spoken conversation: there is nothing to hear of it."""

    @classmethod
    def of(cls, turn: str, heard: Heard, *, amends: bool) -> "SpokenTurn":
        """A candidate's turn as it is written down."""
        return cls(
            turn=turn,
            speaker="candidate",
            start_s=round(heard.start_s, 3),
            end_s=round(heard.last_sound_s, 3),
            words=heard.words,
            amends=amends,
            typed=heard.typed,
        )

    @property
    def text(self) -> str:
        return text_of(self.words)


def text_of(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def spread(text: str, start_s: float, end_s: float) -> list[Word]:
    """The words of `text`, each given a share of the time in proportion to its length."""
    words = text.split()
    total = sum(len(word) + 1 for word in words)
    placed: list[Word] = []
    at_s = start_s
    for word in words:
        until_s = at_s + (end_s - start_s) * (len(word) + 1) / total
        placed.append(Word(text=word, start_s=round(at_s, 3), end_s=round(until_s, 3), p=1.0))
        at_s = until_s
    return placed
