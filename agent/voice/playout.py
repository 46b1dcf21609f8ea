"""Brings the interviewer's voice to the rate of a device, as a stream."""

import numpy as np
import soxr

from agent.voice.pcm import Pcm, join, silence


class Playout:
    """Silence is put before whatever is said after a pause, so that the device never runs dry between two pieces."""

    def __init__(self, rate_hz: int, *, head_start_s: float) -> None:
        self.rate_hz = rate_hz
        self.until_s = float("-inf")
        """When the last of it will have been heard."""
        self._head_start_s = head_start_s
        self._resampler: soxr.ResampleStream | None = None

    def add(self, pcm: Pcm, rate_hz: int, *, at_s: float) -> Pcm:
        """What the device is given for sound that is due now."""
        pause = at_s >= self.until_s
        if pause or self._resampler is None:
            self._resampler = soxr.ResampleStream(rate_hz, self.rate_hz, 1, dtype="int16")
        sound = np.asarray(self._resampler.resample_chunk(pcm), dtype=np.int16)
        self.until_s = at_s + len(pcm) / rate_hz + self._head_start_s
        return join([silence(self._head_start_s, self.rate_hz), sound]) if pause else sound
