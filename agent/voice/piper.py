"""Text to speech: one Piper voice for all sessions of this process."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from agent.errors import ModelsError
from agent.voice.breaths import breaths
from agent.voice.pcm import Pcm, join, silence

_PAUSE_S = 0.3
_KEPT = 32
"""Beginnings that are kept, the ones used last."""


class Piper:
    """Speaks text in a thread, sentence by sentence. `rate_hz` is the voice's own."""

    def __init__(self, model: Path, *, threads: int) -> None:
        import onnxruntime
        from piper import PiperConfig, PiperVoice

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        config = model.with_name(model.name + ".json")
        try:
            self._voice = PiperVoice(
                config=PiperConfig.from_dict(json.loads(config.read_text(encoding="utf-8"))),
                session=onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"]),
            )
        except (RuntimeError, ValueError, KeyError, OSError) as error:
            raise ModelsError(
                f"{model} cannot be loaded as a Piper voice ({error}): it needs {config.name} beside it; "
                "soundcheck models verify, or set SOUNDCHECK_TTS_MODEL to another voice"
            ) from error
        self.rate_hz: int = self._voice.config.sample_rate
        self._kept: dict[_Said, Future[Pcm]] = {}
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="piper")

    def sentences(
        self,
        text: str,
        *,
        pace: float = 1.0,
        variation: float | None = None,
        rhythm: float | None = None,
        volume: float = 1.0,
    ) -> Iterator[Pcm]:
        """The sound of each sentence, as soon as it is made; a pause comes before all but the first.

        `pace` above 1 is faster. `variation` and `rhythm` (Piper's noise scales) let sound and timing vary more.
        Short words are not made as loud as long ones: the model's own loudness is even.
        """
        from piper import SynthesisConfig

        config = SynthesisConfig(
            length_scale=self._voice.config.length_scale / pace,
            noise_scale=variation,
            noise_w_scale=rhythm,
            normalize_audio=False,
            volume=volume,
        )
        pause = np.zeros(round(_PAUSE_S * self.rate_hz), dtype=np.int16)
        for number, chunk in enumerate(self._voice.synthesize(text, config)):
            sound: Pcm = chunk.audio_int16_array
            yield np.concatenate([pause, sound]) if number else sound

    async def speak(self, text: str, *, pace: float = 1.0, volume: float = 1.0) -> AsyncIterator[Pcm]:
        """The same without holding up anybody: the next piece is made while the last one is used."""
        pieces = breaths(text)
        coming = deque(self._make(_Said(piece.text, pace, volume)) for piece in pieces[:1])
        for number, piece in enumerate(pieces):
            coming.extend(self._make(_Said(p.text, pace, volume)) for p in pieces[number + 1 : number + 2])
            sound = await _result(coming.popleft())
            pause = silence(_PAUSE_S, self.rate_hz) if number and piece.begins_sentence else silence(0)
            yield join([pause, sound])

    async def prepare(self, text: str, *, pace: float = 1.0, volume: float = 1.0) -> None:
        """Make the beginning of what will probably be said, so that `speak` has it at once."""
        for piece in breaths(text)[:1]:
            said = _Said(piece.text, pace, volume)
            self._kept[said] = self._make(said)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
            await _result(self._kept[said])

    def _make(self, said: "_Said") -> "Future[Pcm]":
        kept = self._kept.pop(said, None)
        if kept is None:
            return self._line.submit(self._sound, said)
        self._kept[said] = kept
        return kept

    def _sound(self, said: "_Said") -> Pcm:
        return join(list(self.sentences(said.text, pace=said.pace, volume=said.volume)))


async def _result(sound: "Future[Pcm]") -> Pcm:
    """Whoever stops waiting does not take it from others."""
    return await asyncio.shield(asyncio.wrap_future(sound))


class _Said(NamedTuple):
    text: str
    pace: float
    volume: float


@cache
def shared_piper(model: Path, *, threads: int) -> Piper:
    """The one voice of this process for that model."""
    return Piper(model, threads=threads)
