"""Ways to turn a recording into words: as it is heard live, whole, and as a stock livekit pipeline would."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from livekit import rtc
from livekit.agents import inference, vad

from agent.voice.patience import Patience
from agent.voice.pcm import RATE_HZ, Pcm, join, silence
from agent.voice.stt import WhisperStream, WhisperSTT
from agent.voice.whisper import Whisper

_FRAME = RATE_HZ // 50
_AHEAD_S = 0.1
_BEFORE_S, _AFTER_S = 0.5, 3.5


class Heard(NamedTuple):
    text: str
    processor_s: float
    """Of all cores together, voice activity detection included."""


async def heard_live(whisper: Whisper, pcm: Pcm, terms: Sequence[str] = ()) -> Heard:
    """As the product hears it, in the same pieces; time only passes quickly while the recogniser has nothing to do."""
    began_s = time.process_time()
    recogniser = WhisperSTT(whisper, patience=Patience("push-to-talk"), terms=terms)
    stream = recogniser.stream()
    sound = join([silence(_BEFORE_S), pcm, silence(_AFTER_S)])
    for at in range(0, len(sound) - _FRAME, _FRAME):
        stream.push_frame(rtc.AudioFrame(sound[at : at + _FRAME].tobytes(), RATE_HZ, 1, _FRAME))
        await _keep_step(stream, at / RATE_HZ)
    text = await stream.finish()
    return Heard(text, time.process_time() - began_s)


async def _keep_step(stream: WhisperStream, fed_s: float) -> None:
    """Sound runs ahead of nobody, and keeps real time while the recogniser is at work."""
    if stream.reading:
        await asyncio.sleep(_FRAME / RATE_HZ)
    await stream.followed(fed_s - _AHEAD_S)


class Stock:
    """faster-whisper as it comes: every piece fills a window of 30 s."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        from faster_whisper import WhisperModel

        self._model: Any = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def whole(self, pcm: Pcm) -> Heard:
        """One pass over all of it."""
        began_s = time.process_time()
        text = self._read(pcm)
        return Heard(text, time.process_time() - began_s)

    async def in_pieces(self, pcm: Pcm) -> Heard:
        """Each stretch of speech by itself, as livekit's StreamAdapter cuts them."""
        began_s = time.process_time()
        pieces = await _stretches(join([silence(_BEFORE_S), pcm, silence(_AFTER_S)]))
        texts = [self._read(piece) for piece in pieces]
        return Heard(" ".join(texts), time.process_time() - began_s)

    def _read(self, pcm: Pcm) -> str:
        segments, _ = self._model.transcribe(pcm.astype(np.float32) / 32768, language="en", beam_size=1)
        return " ".join(segment.text.strip() for segment in segments)


async def _stretches(pcm: Pcm) -> list[Pcm]:
    activity = inference.VAD().stream()
    for at in range(0, len(pcm) - _FRAME, _FRAME):
        activity.push_frame(rtc.AudioFrame(pcm[at : at + _FRAME].tobytes(), RATE_HZ, 1, _FRAME))
    activity.end_input()
    found = []
    async for event in activity:
        if event.type == vad.VADEventType.END_OF_SPEECH:
            frame = rtc.combine_audio_frames(event.frames)
            found.append(np.frombuffer(frame.data, dtype=np.int16))
    await activity.aclose()
    return found
