"""Whisper that looks only at the sound there is.

Whisper was trained on windows of 30 s, and faster-whisper fills shorter ones up. The encoder then works as hard for
two words as for half a minute. It takes shorter windows just as well, as long as enough empty room is left at the end:
with less than below, it now and then says a short sentence twice, which is then taken for invented.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel

_FRAMES_PER_S = 100
_MARGIN = 3 * _FRAMES_PER_S
_SHORTEST = 8 * _FRAMES_PER_S


class ShortWindowWhisper(WhisperModel):  # type: ignore[misc]  # its base has no types
    def encode(self, features: npt.NDArray[np.float32]) -> Any:
        """The same for windows that end with silence, which faster-whisper fills up with zeros."""
        return super().encode(np.ascontiguousarray(features[:, : window_frames(features)]))


def window_frames(features: npt.NDArray[np.float32]) -> int:
    """How much of a window to look at: what is in it and some room, and never less than a few seconds."""
    filled = np.flatnonzero(features.any(axis=0))
    used = int(filled[-1]) + 1 if len(filled) else 0
    return int(min(features.shape[1], max(_SHORTEST, used + _MARGIN)))
