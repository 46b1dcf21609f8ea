"""Scenarios for the bench `turns`: what a candidate says and where they pause, one JSON object a line."""

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import evals
from agent.benches.noises import Noise, noise
from agent.errors import SoundcheckError
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.pcm import RATE_HZ, Pcm, join, resample, silence
from graphs.manner import Manner, Spoken

SHIPPED = Path(evals.__file__).parent / "data" / "turns" / "scenarios.jsonl"
MOST_PATIENT_S = 2.5
"""A mid-thought pause of up to this is never to be interrupted."""


Outcome = Literal[
    "goes on",  # takes no notice
    "stops",  # and takes what is said for the candidate's turn
    "resumes",  # may stop, but says the question after all
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Segment(Strict):
    """Exactly one of these."""

    say: str | None = None
    pause: float | None = Field(default=None, ge=0, le=60)
    wav: Path | None = None
    noise: Noise | None = None
    echo: float | None = Field(default=None, gt=0)
    """The interviewer's own voice comes back for so many seconds, a tenth as loud."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Segment":
        if len(self.model_fields_set) != 1:
            raise ValueError("a segment is one of say, pause, wav, noise and echo")
        return self

    @property
    def speaks(self) -> bool:
        return self.say is not None or self.wav is not None


class Scenario(Strict):
    id: str
    kind: str = "answer"
    """What it is about: results are summed up by it."""
    stage: str
    segments: list[Segment] = Field(min_length=1)
    complete: bool
    """Whether the words sound finished at the end, so that a reply is due at once."""
    amid_question: Outcome | None = None
    """Set where the candidate begins amid the interviewer's question: what the interviewer should do then."""
    quick: bool = False
    """Part of the short run."""


@dataclass(frozen=True)
class Take:
    """A scenario as sound. Times in seconds from its beginning."""

    pcm: Pcm
    speech: list[tuple[float, float]]
    pauses: list[tuple[float, float]]
    """Those with speech before and after."""
    echo: list[tuple[float, float]]


def load_scenarios(path: Path) -> list[Scenario]:
    """Raises SoundcheckError that names the line, the field and what is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SoundcheckError(f"{path}: {error.strerror}") from error
    scenarios = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            scenarios.append(Scenario.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            field = ".".join(map(str, fault["loc"])) or "line"
            raise SoundcheckError(f"{path}:{number}: {field}: {fault['msg']}") from error
    if not scenarios:
        raise SoundcheckError(f"{path}: there is no scenario in it")
    return scenarios


async def perform(scenario: Scenario, voice: CandidateVoice, folder: Path) -> Take:
    """Its sound; paths of recordings count from `folder`."""
    parts: list[Pcm] = []
    spans: list[tuple[Segment, float, float]] = []
    at_s = 0.0
    for number, segment in enumerate(scenario.segments):
        pcm = await _sound(segment, voice, folder, seed=number)
        spans.append((segment, at_s, at_s + len(pcm) / RATE_HZ))
        at_s = spans[-1][2]
        parts.append(pcm)
    spoken = [number for number, (segment, _, _) in enumerate(spans) if segment.speaks]
    inner = range(spoken[0], spoken[-1]) if spoken else range(0)
    return Take(
        pcm=join(parts),
        speech=[spans[number][1:] for number in spoken],
        pauses=[spans[number][1:] for number in inner if not spans[number][0].speaks],
        echo=[(a, b) for segment, a, b in spans if segment.echo],
    )


async def _sound(segment: Segment, voice: CandidateVoice, folder: Path, *, seed: int) -> Pcm:
    if segment.say is not None:
        return await voice.render(Spoken(segment.say, Manner(), 0.0))
    if segment.wav is not None:
        return read_wav(folder / segment.wav.expanduser())
    if segment.noise is not None:
        return noise(segment.noise, seed)
    return silence(segment.pause or segment.echo or 0.0)


def read_wav(path: Path) -> Pcm:
    """A recording at 16 kHz, its first channel. Raises SoundcheckError."""
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2:
                raise SoundcheckError(f"{path}: {8 * file.getsampwidth()} bit; make it 16 bit")
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")[:: file.getnchannels()]
            return resample(pcm, file.getframerate(), RATE_HZ)
    except (OSError, wave.Error, EOFError) as error:
        raise SoundcheckError(f"{path}: cannot be read as a WAV file: {error}") from error
