"""Sounds that are no words, made by formula: what a microphone hears besides its candidate."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from agent.voice.pcm import RATE_HZ, Pcm

Noise = Literal["cough", "breath", "typing", "knock", "hum", "hiss", "music", "siren"]
_Wave = npt.NDArray[np.float64]


def noise(kind: Noise, seed: int) -> Pcm:
    """The same seed makes the same sound."""
    wave = _KINDS[kind](np.random.default_rng(seed))
    return np.clip(wave, -32768, 32767).astype(np.int16)


def hiss(length_s: float, rms: float, rng: np.random.Generator) -> _Wave:
    """White noise."""
    return rng.normal(0.0, rms, round(length_s * RATE_HZ))


def _cough(rng: np.random.Generator) -> _Wave:
    burst = np.convolve(rng.normal(0.0, 1.0, _samples(0.3)), np.ones(6) / 6, "same")
    burst *= np.exp(-np.arange(len(burst)) / 1500) * 20_000
    return np.concatenate([burst, np.zeros(_samples(0.15)), burst])


def _breath(rng: np.random.Generator) -> _Wave:
    swell = np.sin(np.linspace(0, np.pi, _samples(0.9))) ** 2
    wave: _Wave = np.convolve(rng.normal(0.0, 1.0, len(swell)), np.ones(3) / 3, "same") * swell * 1500
    return wave


def _typing(rng: np.random.Generator) -> _Wave:
    wave = np.zeros(_samples(1.6))
    for at in np.sort(rng.integers(0, len(wave) - _samples(0.02), 9)):
        click = rng.normal(0.0, 1.0, _samples(0.02))
        wave[at : at + len(click)] += click * np.exp(-np.arange(len(click)) / 60) * 6000
    return wave


def _knock(rng: np.random.Generator) -> _Wave:
    times = np.arange(_samples(0.12)) / RATE_HZ
    knock = np.sin(2 * np.pi * 140 * times) * np.exp(-times * 45) * 16_000
    return np.concatenate([knock, np.zeros(_samples(0.14))] * 3)


def _hum(rng: np.random.Generator) -> _Wave:
    """A closed mouth: "mm-hm", a voice without words."""
    parts = []
    for pitch_hz, length_s in ((125, 0.28), (160, 0.32)):
        times = np.arange(_samples(length_s)) / RATE_HZ
        voice = _tone(pitch_hz, times, overtones=7, falloff=2)
        parts += [voice * np.sin(np.linspace(0, np.pi, len(times))) * 5000, np.zeros(_samples(0.06))]
    return np.concatenate(parts)


def _music(rng: np.random.Generator) -> _Wave:
    notes = []
    for pitch_hz in (262, 330, 392, 523, 392, 330):
        times = np.arange(_samples(0.35)) / RATE_HZ
        tone = _tone(pitch_hz, times, overtones=4, falloff=1)
        notes.append(tone * np.exp(-times * 3) * 3000)
    return np.concatenate(notes)


def _siren(rng: np.random.Generator) -> _Wave:
    times = np.arange(_samples(2.0)) / RATE_HZ
    pitch_hz = 700 + 250 * np.sin(2 * np.pi * 0.8 * times)
    wave: _Wave = np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ) * 2500
    return wave


def _tone(pitch_hz: float, times: _Wave, *, overtones: int, falloff: int) -> _Wave:
    order = np.arange(1, overtones + 1)[:, None]
    wave: _Wave = (np.sin(2 * np.pi * pitch_hz * order * times) / order**falloff).sum(axis=0)
    return wave


def _samples(length_s: float) -> int:
    return round(length_s * RATE_HZ)


_KINDS: dict[Noise, Callable[[np.random.Generator], _Wave]] = {
    "cough": _cough,
    "breath": _breath,
    "typing": _typing,
    "knock": _knock,
    "hum": _hum,
    "hiss": lambda rng: hiss(2.0, 500.0, rng),
    "music": _music,
    "siren": _siren,
}
