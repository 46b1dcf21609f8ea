"""The last stretch of what was heard."""

from collections import deque

import numpy as np
from livekit import rtc

from agent.voice.pcm import RATE_HZ, Pcm, join


class LastSound:
    """Addressed by the session's timeline.

    Frames that carry `at_s` in their user data set the clock; others follow on what came before.
    """

    def __init__(self) -> None:
        self._parts: deque[tuple[float, Pcm]] = deque()
        self._zero_s: float | None = None
        self._samples = 0

    @property
    def start_s(self) -> float:
        return self._parts[0][0] if self._parts else self.end_s

    @property
    def end_s(self) -> float:
        return self.at_s(self._samples)

    def at_s(self, sample: int) -> float:
        """The time of a sample, counted from the first one heard."""
        return (self._zero_s or 0.0) + sample / RATE_HZ

    def add(self, frame: rtc.AudioFrame) -> None:
        pcm = np.frombuffer(frame.data, dtype=np.int16)
        if self._zero_s is None:
            self._zero_s = float(frame.userdata.get("at_s", 0.0))
        self._parts.append((self.end_s, pcm))
        self._samples += len(pcm)

    def cut(self, start_s: float, end_s: float) -> Pcm:
        origin_s = self.start_s
        pcm = join(
            [part for at_s, part in self._parts if at_s < end_s and at_s + len(part) / RATE_HZ > start_s]
        )
        first_s = next((at for at, part in self._parts if at + len(part) / RATE_HZ > start_s), origin_s)
        first = max(0, round((start_s - first_s) * RATE_HZ))
        return pcm[first : first + max(0, round((end_s - max(start_s, first_s)) * RATE_HZ))]

    def forget(self, before_s: float) -> None:
        while self._parts and self._parts[0][0] + len(self._parts[0][1]) / RATE_HZ < before_s:
            self._parts.popleft()
