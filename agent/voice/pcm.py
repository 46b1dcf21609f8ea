"""Sound as numbers: 16-bit mono samples (`int16` arrays), and what can be measured of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

Pcm = npt.NDArray[np.int16]
RATE_HZ = 16_000
"""The rate of everything that is heard and recorded. The interviewer's voice is made at the rate of its model."""
_WINDOW_S = 0.02


def silence(seconds: float, rate_hz: int = RATE_HZ) -> Pcm:
    return np.zeros(round(seconds * rate_hz), dtype=np.int16)


def resample(pcm: Pcm, from_hz: float, to_hz: float) -> Pcm:
    if from_hz == to_hz or not len(pcm):
        return pcm
    resampled: Any = soxr.resample(pcm, from_hz, to_hz)
    return np.asarray(resampled, dtype=np.int16)


def join(parts: Sequence[Pcm]) -> Pcm:
    return np.concatenate(parts) if parts else silence(0)


def loudness(pcm: Pcm, rate_hz: int = RATE_HZ) -> npt.NDArray[np.float64]:
    """Root mean square of each 20 ms, from 0 to 32767; a rest shorter than that is left out."""
    size = round(_WINDOW_S * rate_hz)
    windows = pcm[: len(pcm) // size * size].reshape(-1, size).astype(np.float64)
    return np.asarray(np.sqrt((windows**2).mean(axis=1)))


def last_sound_s(pcm: Pcm, rate_hz: int = RATE_HZ) -> float | None:
    """Where the last sound ends, in seconds; None where there is nothing but background.

    A sound is what lies above a twentieth of the loudest 20 ms, so that neither the loudness of the microphone nor
    its noise decides.
    """
    levels = loudness(pcm, rate_hz)
    if not len(levels) or levels.max() < 50:
        return None
    loud = np.flatnonzero(levels > levels.max() / 20)
    return float(loud[-1] + 1) * _WINDOW_S


def quietest_s(pcm: Pcm, *, after_s: float, rate_hz: int = RATE_HZ) -> float:
    """The middle of the quietest 100 ms from `after_s` on: the best place to cut speech that does not pause."""
    levels = loudness(pcm, rate_hz)
    first = round(after_s / _WINDOW_S)
    tail = np.convolve(levels[first:], np.ones(5) / 5, mode="valid")
    if not len(tail):
        return len(pcm) / rate_hz
    return (first + int(tail.argmin()) + 2.5) * _WINDOW_S
