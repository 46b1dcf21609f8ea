"""How a simulated candidate speaks: text and times only, so that a voice or a transcript can be made of it."""

import random
import re
import zlib
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
CLAUSE_END = re.compile(r"(?<=[,;:])\s+")
DANGLING = re.compile(r"(and|but|so|because|that|the|to|of|with|which|when|if|or|for|from|we|i)[,;:]?", re.I)
"""Words after which nobody takes a sentence for finished: where a thinking pause sounds natural."""


def _ordered(span: tuple[float, float]) -> tuple[float, float]:
    low, high = span
    if not 0 <= low <= high:
        raise ValueError(f"[{low}, {high}] must be two times in seconds, the smaller first")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_ordered)]
"""A shortest and a longest time in seconds; each occurrence is drawn between them."""
Chance = Annotated[float, Field(ge=0, le=1)]


class Manner(BaseModel):
    """The way of speaking of one persona."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pace: float = Field(default=1.0, ge=0.5, le=2.0)
    """1 is the voice's own pace, 1.2 a fifth faster (a synthesiser's length scale is 1 / pace)."""
    pitch: float = Field(default=1.0, ge=0.7, le=1.4)
    """Factor on the voice's own pitch."""
    noise_dbfs: float | None = Field(default=None, ge=-80, le=-20)
    """Level of background noise against full scale; None for a quiet room."""
    think_s: Span = (0.6, 1.4)
    """Silence before the first word of an answer."""
    sentence_pause_s: Span = (0.3, 0.6)
    comma_pause_s: Span = (0.05, 0.15)
    mid_thought_pauses: Chance = 0.0
    """Chance, for each sentence, of a pause in its middle."""
    mid_thought_pause_s: Span = (1.0, 2.5)
    fillers: list[str] = Field(default_factory=list)
    fillers_per_100_words: float = Field(default=0.0, ge=0, le=40)


@dataclass(frozen=True)
class Phrase:
    """Words said in one breath, and the silence after them. The last phrase of a turn has none."""

    text: str
    pause_s: float


@dataclass(frozen=True)
class Spoken:
    """One turn of a simulated candidate. `text` is exactly what is said: fillers and restarts are in it already."""

    text: str
    manner: Manner
    think_s: float
    """Silence between the interviewer's last word and the first word of `text`."""
    barge_in: bool = False
    """True where this candidate starts to speak before the interviewer has finished."""

    def phrases(self) -> list[Phrase]:
        """The turn cut at its pauses; the same turn is always cut in the same way."""
        rng = random.Random(zlib.crc32(self.text.encode()))
        phrases: list[Phrase] = []
        for sentence in SENTENCE_END.split(self.text.strip()):
            phrases.extend(self._breaths(sentence, rng))
        if phrases:
            phrases[-1] = Phrase(phrases[-1].text, 0.0)
        return phrases

    def _breaths(self, sentence: str, rng: random.Random) -> list[Phrase]:
        manner = self.manner
        clauses = [Phrase(c, rng.uniform(*manner.comma_pause_s)) for c in CLAUSE_END.split(sentence) if c]
        if not clauses:
            return []
        clauses[-1] = Phrase(clauses[-1].text, rng.uniform(*manner.sentence_pause_s))
        if rng.random() >= manner.mid_thought_pauses:
            return clauses
        longest = max(range(len(clauses)), key=lambda i: len(clauses[i].text))
        cut = _halting_place(clauses[longest].text.split(), rng)
        if cut is None:
            return clauses
        words = clauses[longest].text.split()
        halting = Phrase(" ".join(words[:cut]), rng.uniform(*manner.mid_thought_pause_s))
        rest = Phrase(" ".join(words[cut:]), clauses[longest].pause_s)
        return [*clauses[:longest], halting, rest, *clauses[longest + 1 :]]


def with_fillers(text: str, manner: Manner, rng: random.Random) -> str:
    """`text` with the fillers of `manner`: sounds anywhere but at its end, words such as "you know" between clauses."""
    sounds = [filler for filler in manner.fillers if _SOUND.fullmatch(filler)]
    words: list[str] = []
    for word in text.split():
        opens = not words or words[-1][-1] in ".!?"
        between = opens or words[-1][-1] in ",;:" or _JOINS.fullmatch(word) is not None
        may = not opens or word == "I" or lowered(word) != word
        choice = manner.fillers if between else sounds
        if choice and may and rng.random() < manner.fillers_per_100_words / 100:
            filler = rng.choice(choice)
            words.append(f"{filler[0].upper()}{filler[1:]}," if opens else f"{filler},")
            word = lowered(word) if opens else word
        words.append(word)
    return " ".join(words)


_SOUND = re.compile(r"u[hm]+|er+m?|hm+|ah")
_JOINS = re.compile(r"and|but|so|because|that|which|when|who|where|if|until|although")


def lowered(sentence: str) -> str:
    """A sentence as it stands inside another one: "I" and what may be a name keep their capital."""
    opener = _OPENER.match(sentence)
    return sentence if opener is None else sentence[0].lower() + sentence[1:]


_OPENER = re.compile(
    r"(?:A|After|All|Also|Always|An|And|As|At|Because|Before|But|Everybody|Everyone|For|From|He|Honestly|If|In|It|Last"
    r"|Many|Maybe|Most|My|Nobody|Not|Now|On|One|Our|People|She|Since|So|Some|Somebody|Sometimes|That|The|Then|There"
    r"|They|This|Three|To|Two|We|Well|What|When|With|Without|Yes|You|Your)\b"
)


def _halting_place(words: list[str], rng: random.Random) -> int | None:
    """Number of words before the pause: after a word that leaves the sentence open, else anywhere inside."""
    inside = range(2, len(words) - 1)
    if not inside:
        return None
    dangling = [i for i in inside if DANGLING.fullmatch(words[i - 1])]
    return rng.choice(dangling or list(inside))
