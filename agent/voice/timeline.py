"""The session's own clock."""

import asyncio
from time import monotonic


class Timeline:
    """Seconds of sound since the session's very first sitting began.

    Both recordings, every word's time and every latency are on it. Time between sittings does not exist on it, and
    `speed` makes it run faster than the wall's clock: a rehearsal with a simulated candidate need not take real time.
    """

    def __init__(self, *, start_s: float = 0.0, speed: float = 1.0) -> None:
        self.speed = speed
        self._start_s = start_s
        self._began = monotonic()

    def now_s(self) -> float:
        return self._start_s + (monotonic() - self._began) * self.speed

    async def until(self, at_s: float) -> None:
        """Wait for that moment, or for others to have had their turn where it lies behind."""
        ahead = (at_s - self.now_s()) / self.speed
        await asyncio.sleep(max(0.0, ahead))
