"""Where the time between a candidate's last sound and the interviewer's reply goes, for each turn and overall."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

from pydantic import BaseModel, ConfigDict

from agent.sessions import append_durably, read_lines, write_atomically


class TurnLatency(BaseModel):
    """A line of `latency.jsonl`: seconds since the candidate's last sound; None for what did not happen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turn: str
    answer_s: float
    """How long the candidate's turn was."""
    last_sound_s: float
    """When its last sound was, on the session's timeline."""
    transcript_s: float
    """The last piece of it had been transcribed."""
    end_of_turn_s: float
    """The silence after it was taken for its end."""
    told_s: float | None = None
    """The interview was told of it; its words are on the disk."""
    understood_s: float | None = None
    """The interview knew what it means."""
    first_words_s: float | None = None
    """The interview came up with its first utterance."""
    content_words_s: float | None = None
    """The interview came up with the first utterance that is no acknowledgement."""
    content_voice_s: float | None = None
    """The voice had made the beginning of that."""
    first_sound_s: float | None = None
    """The interviewer's voice began, an acknowledgement counts."""
    first_content_s: float | None = None
    """The first utterance that is no acknowledgement began."""

    @property
    def spent_s(self) -> dict[str, float]:
        """The time until the content, by what it was spent on. Together the values make `first_content_s`."""
        instants = [(name, at_s) for name, at_s in self._instants() if at_s is not None]
        if self.first_content_s is None:
            return {}
        return {
            name: round(at_s - before_s, 3)
            for (_, before_s), (name, at_s) in pairwise([("", 0.0), *instants])
        }

    def _instants(self) -> list[tuple[str, float | None]]:
        """In their order, each with what the time before it is spent on."""
        return [
            ("recognising", self.transcript_s),
            ("waiting for more", self.end_of_turn_s),
            ("taking down", self.told_s),
            ("understanding", self.understood_s),
            ("wording", self.content_words_s),
            ("voicing", self.content_voice_s),
            ("playing", self.first_content_s),
        ]


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int
    median_s: float
    p95_s: float


class Latency(BaseModel):
    """`latency.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turns: int
    steps: dict[str, Step]
    """When something had happened, since the candidate's last sound."""
    spent: dict[str, Step]
    """What the time until the content was spent on."""


_STEPS = ("transcript_s", "end_of_turn_s", "first_words_s", "first_sound_s", "first_content_s")


def step_of(values: Sequence[float]) -> Step:
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return Step(count=len(values), median_s=round(median(values), 3), p95_s=round(p95, 3))


def summarise(turns: Sequence[TurnLatency]) -> Latency:
    instants = {name: [v for turn in turns if (v := getattr(turn, name)) is not None] for name in _STEPS}
    spent: dict[str, list[float]] = {}
    for turn in turns:
        for name, seconds in turn.spent_s.items():
            spent.setdefault(name, []).append(seconds)
    return Latency(
        turns=len(turns),
        steps={name: step_of(values) for name, values in instants.items() if values},
        spent={name: step_of(values) for name, values in spent.items()},
    )


class LatencyLog:
    """`latency.jsonl` of a session's folder, and `latency.json` made of it."""

    def __init__(self, folder: Path) -> None:
        self._lines = folder / "latency.jsonl"
        self._summary = folder / "latency.json"

    def add(self, turn: TurnLatency) -> None:
        append_durably(self._lines, turn)

    def summarise(self) -> Latency:
        latency = summarise(read_lines(self._lines, TurnLatency))
        write_atomically(self._summary, latency.model_dump_json(indent=2))
        return latency
