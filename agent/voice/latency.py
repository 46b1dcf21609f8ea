"""Where the time between a candidate's last sound and the interviewer's first one goes, for each turn and overall."""

from collections.abc import Sequence
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
    end_of_turn_s: float
    """The silence after it was taken for its end."""
    transcript_s: float
    """The last piece of it had been transcribed."""
    first_words_s: float | None
    """The interview came up with its first utterance."""
    first_sound_s: float | None
    """The interviewer's voice began, an acknowledgement counts."""
    first_content_s: float | None
    """The first utterance that is no acknowledgement began."""


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


_STEPS = ("end_of_turn_s", "transcript_s", "first_words_s", "first_sound_s", "first_content_s")


def summarise(turns: Sequence[TurnLatency]) -> Latency:
    steps: dict[str, Step] = {}
    for name in _STEPS:
        values = [value for turn in turns if (value := getattr(turn, name)) is not None]
        if values:
            p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
            steps[name] = Step(count=len(values), median_s=round(median(values), 3), p95_s=round(p95, 3))
    return Latency(turns=len(turns), steps=steps)


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
