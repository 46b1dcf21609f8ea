"""Speech to text: one Whisper model for all sessions of this process."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agent.errors import ModelsError
from agent.voice.hallucinations import Reading, is_invented, said_once, without_loops
from agent.voice.pcm import RATE_HZ, Pcm, join, last_sound_s, silence
from agent.voice.words import Word, text_of

_MARGIN_S = 0.2
_LEFT_OUT_S = 1.5
_TOKENS_PER_S = 8
"""More than anybody says: on noise it ends a loop early, which else costs several seconds."""
_WORTH_A_SECOND_TRY_S = 4.0


class Whisper:
    """Recognises one stretch of speech at a time, in a thread of its own; others wait in line."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        from agent.voice.short_windows import ShortWindowWhisper

        try:
            self._model = ShortWindowWhisper(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelsError(
                f"{folder} cannot be loaded as a CTranslate2 Whisper model ({error}): "
                "soundcheck models verify, or set SOUNDCHECK_STT_MODEL to another folder"
            ) from error
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    async def transcribe(self, pcm: Pcm, *, terms: Sequence[str] = (), before: str = "") -> list[Word]:
        """The words of `pcm`, which is speech with its long pauses taken out, with times from its beginning.

        There are none where the recogniser made them up. `terms` are words to expect, `before` is what was said just
        before; both only lean the recogniser that way.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._line, self.read, pcm, tuple(terms), before)

    def read(self, pcm: Pcm, terms: tuple[str, ...] = (), before: str = "") -> list[Word]:
        """The same, at once and in this thread. What the recogniser leaves out at the end is read once more."""
        words = self._read(pcm, terms, before)
        rest_s = words[-1].end_s if words else 0.0
        rest = pcm[round(rest_s * RATE_HZ) :]
        if words and (last_sound_s(rest) or 0.0) > _LEFT_OUT_S:
            more = self._read(rest, terms, f"{before} {text_of(words)}")
            words += [
                w.model_copy(update={"start_s": w.start_s + rest_s, "end_s": w.end_s + rest_s}) for w in more
            ]
        return without_loops(words)

    def _read(self, pcm: Pcm, terms: tuple[str, ...], before: str) -> list[Word]:
        length_s = len(pcm) / RATE_HZ
        padded = join([silence(_MARGIN_S), pcm, silence(_MARGIN_S)]).astype(np.float32) / 32768
        glossary = ", ".join(terms)
        segments, _ = self._model.transcribe(
            padded,
            language="en",
            beam_size=1,
            temperature=[0.0, 0.4] if length_s > _WORTH_A_SECOND_TRY_S else [0.0],
            max_new_tokens=round(_TOKENS_PER_S * length_s) + 16,
            condition_on_previous_text=False,
            word_timestamps=True,
            initial_prompt=" ".join(before.split()[-40:]) or None,
            hotwords=f"Glossary: {glossary}." if glossary else None,
        )
        readings = [_reading(segment, length_s) for segment in segments]
        return [
            word
            for r in readings
            if not is_invented(r, length_s=length_s, prompt=glossary)
            for word in r.words
        ]


def _reading(segment: Any, length_s: float) -> Reading:
    """What faster-whisper says about a segment, in our terms; words after the end of the sound are left out."""
    words = [
        Word(
            text=word.word.strip(),
            start_s=round(max(0.0, word.start - _MARGIN_S), 3),
            end_s=round(min(length_s, word.end - _MARGIN_S), 3),
            p=round(word.probability, 3),
        )
        for word in segment.words or ()
        if word.word.strip() and word.start - _MARGIN_S < length_s
    ]
    return Reading(said_once(_joined(words), length_s), segment.no_speech_prob, segment.avg_logprob)


def _joined(words: Sequence[Word]) -> list[Word]:
    """Whisper gives "40" and "%", or "well" and "-known", as words of their own: they belong together."""
    joined: list[Word] = []
    for word in words:
        if joined and word.text[0] in "%-'’.,;:!?)" and word.text != "-":
            last = joined.pop()
            word = Word(
                text=last.text + word.text, start_s=last.start_s, end_s=word.end_s, p=min(last.p, word.p)
            )
        joined.append(word)
    return joined


def threads_for(setting: int) -> int:
    """0 means all cores, but one kept free where there are more than two."""
    cores = os.cpu_count() or 1
    return setting or (cores if cores <= 2 else cores - 1)


@cache
def shared_whisper(folder: Path, *, threads: int) -> Whisper:
    """The one model of this process for that folder."""
    return Whisper(folder, threads=threads)
