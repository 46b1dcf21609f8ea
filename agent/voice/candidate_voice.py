"""Gives a simulated candidate a voice: text and manner in, 16 kHz sound out."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from agent.voice.pcm import RATE_HZ, Pcm, join, loudness, resample, silence
from agent.voice.piper import Piper
from graphs.manner import Manner, Spoken

_BASE_PITCH = 1.14
"""There is one voice model: the candidate's voice is the interviewer's, higher."""
_QUIET = 80.0
_WINDOW_S = 0.02


class CandidateVoice:
    def __init__(self, voice: Piper) -> None:
        self._voice = voice

    async def phrases(self, spoken: Spoken) -> AsyncIterator[Pcm]:
        """The turn, phrase by phrase, each with the pause after it; `spoken.think_s` is not part of it."""
        for phrase in spoken.phrases():
            sound = await asyncio.to_thread(self._say, phrase.text, spoken.manner)
            yield join([sound, silence(phrase.pause_s)])

    async def render(self, spoken: Spoken) -> Pcm:
        """The whole turn."""
        return join([phrase async for phrase in self.phrases(spoken)])

    def _say(self, text: str, manner: Manner) -> Pcm:
        """One breath. Raising the pitch by resampling quickens it, so it is spoken more slowly first."""
        pitch = _BASE_PITCH * manner.pitch
        sound = join(list(self._voice.sentences(text, pace=manner.pace / pitch, rhythm=0.9)))
        return _trimmed(resample(sound, self._voice.rate_hz * pitch, RATE_HZ))


def _trimmed(pcm: Pcm) -> Pcm:
    """Without the silence that the voice adds around a breath: the manner says how long pauses are."""
    loud = np.flatnonzero(loudness(pcm) > _QUIET)
    if not len(loud):
        return pcm
    first, last = max(0, loud[0] - 2), loud[-1] + 3
    size = round(_WINDOW_S * RATE_HZ)
    return pcm[first * size : last * size]
