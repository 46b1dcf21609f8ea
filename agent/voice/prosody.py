"""Whether a voice sounds as if it had come to an end, whatever its words were.

The model ships with livekit-local-inference and hears the last 1.2 s. It tells most from the first moments of a
silence: it is given no more of it, however late it is asked.
"""

import asyncio
from functools import cache

from livekit.local_inference import EOT, EOT_MAX_SAMPLES

from agent.voice.pcm import RATE_HZ, Pcm

SILENCE_S = 0.15
"""How much of the silence to hear."""
HEARS_S = EOT_MAX_SAMPLES / RATE_HZ


async def sounds_like_end(pcm: Pcm) -> float:
    """The likelihood of an end, 0-1, of speech with `SILENCE_S` behind it; takes some 30 ms in a thread."""
    return await asyncio.to_thread(lambda: _model().predict(pcm[-EOT_MAX_SAMPLES:]))


@cache
def _model() -> EOT:
    """One for all sessions of this process."""
    return EOT()
