"""What the live transcript loses, and what it costs, against one pass over the whole recording with the same model."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import jiwer
import numpy as np
from pydantic import BaseModel, ConfigDict
from rich.table import Table

import evals
from agent.benches.hearing import Heard, Stock, heard_live
from agent.benches.scenarios import read_wav
from agent.models.store import Store
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.models import load_speech_models
from agent.voice.pcm import RATE_HZ, Pcm, join, silence
from agent.voice.whisper import shared_whisper, threads_for
from graphs.manner import Manner, Spoken
from knowledge.loader import load_content

SHIPPED = Path(evals.__file__).parent / "data" / "transcribe" / "answers.jsonl"
RECORDINGS = Path("/usr/share/pocketsphinx/test/data/librivox")
"""Real speech, where Debian's package pocketsphinx-testdata is installed."""
BAR = 1.05
_NOISES_DB: tuple[float | None, ...] = (None, 20.0, 10.0)
_BETWEEN_S = 0.8

Way = Literal["live", "live without terms", "whole", "stock pieces"]


class Row(BaseModel):
    """One way of hearing some material with one model. Rates count from 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    material: str
    model: str
    noise_db: float | None
    """Of the speech above the noise; None without noise."""
    way: Way
    audio_s: float
    wer: float
    terms_right: float | None
    processor_s: float
    real_time_factor: float
    """Processor seconds for each second of sound."""


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: list[Row]
    wer_live_to_whole: dict[str, float | None]
    """By material and model, all noises together; None where the whole pass makes no mistake."""
    processor_live_to_stock: dict[str, float]
    bar: float = BAR
    skipped: list[str]


@dataclass(frozen=True)
class Material:
    name: str
    text: str
    pcm: Pcm
    terms: Sequence[str] = ()
    """Those that are said in it."""
    expected: Sequence[str] = ()
    """Those that the recogniser is told to expect."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    topic: str
    terms: list[str]
    text: str


async def bench_transcribe(
    settings: Settings,
    recording: tuple[Path, str] | None = None,
    *,
    quick: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Report:
    """`recording` is a WAV file and what is said in it, in place of the shipped answers. Raises SoundcheckError."""
    skipped: list[str] = []
    noises: tuple[float | None, ...] = (None,) if recording else _NOISES_DB[:2] if quick else _NOISES_DB
    if recording is not None:
        materials = [Material(recording[0].name, recording[1], read_wav(recording[0]))]
    else:
        materials = await _answers(settings, quick=quick)
        real = _recordings()
        materials += [real] if real else []
        skipped += (
            [] if real else [f"recordings, as {RECORDINGS} is missing (apt install pocketsphinx-testdata)"]
        )
    rows: list[Row] = []
    for model in ("stt",) if quick else ("stt", "stt-small"):
        for material in materials:
            for noise_db in noises:
                progress(f"{material.name}, {model}, noise {noise_db or 'none'}")
                rows += await _rows(settings, material, model, noise_db)
    return Report(
        rows=rows,
        wer_live_to_whole=_ratios(rows),
        processor_live_to_stock=_costs(rows),
        skipped=skipped,
    )


def transcribe_table(report: Report) -> Table:
    table = Table("material", "model", "noise dB", "way", "WER %", "terms %", "processor s/s", box=None)
    for row in report.rows:
        terms = "" if row.terms_right is None else f"{100 * row.terms_right:.0f}"
        noise = "" if row.noise_db is None else f"{row.noise_db:.0f}"
        cells = (f"{100 * row.wer:.1f}", terms, f"{row.real_time_factor:.3f}")
        table.add_row(row.material, row.model, noise, row.way, *cells)
    table.add_section()
    for name, ratio in report.wer_live_to_whole.items():
        table.add_row(
            f"WER live / whole, {name}", "", "", "", "" if ratio is None else f"{ratio:.2f}", "", ""
        )
    for name, ratio in report.processor_live_to_stock.items():
        table.add_row(f"processor live / stock, {name}", "", "", "", "", "", f"{ratio:.2f}")
    for text in report.skipped:
        table.add_row(f"skipped: {text}")
    return table


async def _rows(settings: Settings, material: Material, model: str, noise_db: float | None) -> list[Row]:
    folder, threads = Store(settings).path(model), threads_for(settings.threads)
    whisper, stock = shared_whisper(folder, threads=threads), Stock(folder, threads=threads)
    pcm = material.pcm if noise_db is None else with_noise(material.pcm, noise_db)
    heard: dict[Way, Heard] = {
        "live": await heard_live(whisper, pcm, material.expected),
        "whole": stock.whole(pcm),
    }
    if material.expected:
        heard["live without terms"] = await heard_live(whisper, pcm)
    if noise_db is None:
        heard["stock pieces"] = await stock.in_pieces(pcm)
    return [_row(material, model, noise_db, way, what) for way, what in heard.items()]


def _row(material: Material, model: str, noise_db: float | None, way: Way, heard: Heard) -> Row:
    audio_s = len(material.pcm) / RATE_HZ
    said, squeezed = plain(heard.text), squeeze(heard.text)
    right = [squeeze(term) in squeezed for term in material.terms]
    return Row(
        material=material.name,
        model=model,
        noise_db=noise_db,
        way=way,
        audio_s=round(audio_s, 1),
        wer=round(jiwer.wer(plain(material.text), said), 4),
        terms_right=round(sum(right) / len(right), 3) if right else None,
        processor_s=round(heard.processor_s, 1),
        real_time_factor=round(heard.processor_s / audio_s, 3),
    )


def _ratios(rows: Sequence[Row]) -> dict[str, float | None]:
    """Mistakes live for each mistake of the whole pass."""
    ratios: dict[str, float | None] = {}
    for kind in dict.fromkeys((_kind(row), row.model) for row in rows):
        of_kind = [row for row in rows if (_kind(row), row.model) == kind]
        live, whole = (sum(r.wer * r.audio_s for r in of_kind if r.way == way) for way in ("live", "whole"))
        ratios[", ".join(kind)] = round(live / whole, 3) if whole else None
    return ratios


def _costs(rows: Sequence[Row]) -> dict[str, float]:
    costs: dict[str, float] = {}
    for model in dict.fromkeys(row.model for row in rows):
        clean = [row for row in rows if row.model == model and row.noise_db is None]
        live, stock = (sum(r.processor_s for r in clean if r.way == way) for way in ("live", "stock pieces"))
        costs[model] = round(live / stock, 3)
    return costs


def _kind(row: Row) -> str:
    return "recordings" if row.material == RECORDINGS.name else "answers"


async def _answers(settings: Settings, *, quick: bool) -> list[Material]:
    voice = CandidateVoice(load_speech_models(settings).piper)
    topics = load_content("spotify-staff-ml").topics
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()[: 1 if quick else None]
    answers = [_Answer.model_validate_json(line) for line in lines]
    return [
        Material(
            answer.id,
            answer.text,
            await voice.render(Spoken(answer.text, _SPEAKS, 0.0)),
            answer.terms,
            topics[answer.topic].terms,
        )
        for answer in answers
    ]


_SPEAKS = Manner(mid_thought_pauses=0.5, mid_thought_pause_s=(0.5, 1.5))
"""As people do, who pause amid a sentence as well."""


def _recordings() -> Material | None:
    """All of them as one long answer."""
    if not RECORDINGS.is_dir():
        return None
    texts = {}
    for line in (RECORDINGS / "transcription").read_text(encoding="utf-8").splitlines():
        if found := re.fullmatch(r"<s> (.*) </s> \((.*)\)", line.strip()):
            texts[found[2]] = found[1]
    sounds = [part for name in texts for part in (read_wav(RECORDINGS / f"{name}.wav"), silence(_BETWEEN_S))]
    return Material(RECORDINGS.name, " ".join(texts.values()), join(sounds))


def with_noise(pcm: Pcm, above_db: float) -> Pcm:
    """With white noise, above which the speech lies by so much."""
    speech = pcm.astype(np.float64)
    loud = speech[np.abs(speech) > np.abs(speech).max() / 50]
    level = np.sqrt((loud**2).mean()) * 10 ** (-above_db / 20)
    noisy = speech + np.random.default_rng(0).normal(0.0, level, len(speech))
    return np.clip(noisy, -32768, 32767).astype(np.int16)


def plain(text: str) -> str:
    """Without case and punctuation, hyphened words apart, numbers up to twelve in words."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("%", " percent").replace("’", "'"))
    return " ".join(_NUMBERS.get(word, word) for word in words)


def squeeze(text: str) -> str:
    """Letters and digits only: "Big query" and "BigQuery" are the same term."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


_NUMBERS = dict(
    zip(
        map(str, range(13)),
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        strict=True,
    )
) | {"50": "fifty", "200": "two hundred"}
