"""faster-whisper for livekit-agents: speech in, turns out.

The stream holds a turn's final transcript back until the silence after it has lasted long enough and everything is
transcribed, so that an answer reaches the interview in one piece however slow the machine is. Until then it sends
interim transcripts. Answers may be of any length: sound is transcribed at pauses, never more than 28 s at once.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Literal

import numpy as np
from livekit import rtc
from livekit.agents import APIConnectOptions, LanguageCode, inference, stt, utils, vad
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.voice.endings import yields_the_floor
from agent.voice.following import Following
from agent.voice.last_sound import LastSound
from agent.voice.patience import Patience, voice_tells
from agent.voice.pcm import RATE_HZ, Pcm, join, last_sound_s, quietest_s
from agent.voice.prosody import HEARS_S, SILENCE_S, sounds_like_end
from agent.voice.turns import LONGEST_STRETCH_S, MOST_AT_ONCE_S, Stretch, TurnBuilder
from agent.voice.whisper import Whisper
from agent.voice.words import Heard, Word

_PAUSE_S = 0.3
"""A silence this long is worth reading what was said before it; the turn goes on meanwhile."""
_KEEP_S = 3.0
_BEFORE_S = 0.3
_MAYBE_PAUSE_S = 0.1
_SURELY_INSIDE_S = 0.15
_HUM_S = 0.45
"""Words end up to 0.35 s before their sound does (measured on Piper's voice); an "um" is longer."""
_SOON_S = 2.5
"""Nobody can have heard a reply and begun to answer it so soon."""


class WhisperSTT(stt.STT[Literal["settled", "following"]]):
    """One of these a session; the model behind it is shared.

    `patience` and `terms` may change at any time and count from the next moment on. Emits `settled` when nothing
    that was said is left to be dealt with, and where it `follows`, `following` with the words of the turn under way,
    those of a breath included that is still going on.
    """

    def __init__(
        self,
        whisper: Whisper,
        *,
        patience: Patience | None = None,
        terms: Sequence[str] = (),
        follows: bool = False,
    ) -> None:
        super().__init__(
            capabilities=stt.STTCapabilities(streaming=True, interim_results=True, aligned_transcript=False)
        )
        self.whisper = whisper
        self.patience = patience or Patience()
        self.terms = list(terms)
        self.follows = follows
        self.turn = TurnBuilder()
        self._finished: deque[Heard] = deque()

    @property
    def model(self) -> str:
        return "whisper"

    @property
    def provider(self) -> str:
        return "faster-whisper"

    @property
    def settled(self) -> bool:
        """Nobody speaks, and nothing that was said waits to become words or a turn."""
        return self.turn.idle

    def interviewer_speaks(self, text: str) -> None:
        """From now on the interviewer's voice says `text`."""
        self.turn.interviewer_speaks(text)

    def interviewer_stopped(self, at_s: float) -> None:
        self.turn.floor_until_s = at_s

    def conclude(self) -> None:
        """End the turn under way as soon as it is transcribed: the candidate says that this was all."""
        self.turn.conclude()

    def take(self, transcript: str) -> Heard | None:
        """The turns that make up `transcript`, as one; None where it did not come from here."""
        taken: list[Heard] = []
        while self._finished and transcript.startswith(" ".join(h.text for h in [*taken, self._finished[0]])):
            taken.append(self._finished.popleft())
        if not taken:
            return None
        words = [word for heard in taken for word in heard.words]
        last = taken[-1]
        return replace(last, words=words, under_voice=taken[0].under_voice)

    def finish(self, heard: Heard) -> None:
        self._finished.append(heard)

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        frame = rtc.combine_audio_frames(buffer)
        pcm = np.frombuffer(frame.data, dtype=np.int16)
        words = await self.whisper.transcribe(pcm, terms=self.terms)
        return _event(stt.SpeechEventType.FINAL_TRANSCRIPT, words)

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "WhisperStream":
        return WhisperStream(self, conn_options)


class WhisperStream(stt.RecognizeStream):
    def __init__(self, owner: WhisperSTT, conn_options: APIConnectOptions) -> None:
        super().__init__(stt=owner, conn_options=conn_options, sample_rate=RATE_HZ)
        self._owner = owner
        self._turn = owner.turn
        self._sound = LastSound()
        self._activity = inference.VAD(min_silence_duration=_PAUSE_S).stream()
        self._reading: asyncio.Task[None] | None = None
        self._following = Following()
        self._last_sound_s = 0.0
        self._wait_s = inf
        self._taken: tuple[str, float] | None = None
        """The last turn's words, and when its voice ended."""
        self._followed_s = 0.0
        self._went_on = asyncio.Event()

    @property
    def reading(self) -> bool:
        """Whether the recogniser is at work."""
        return self._reading is not None and not self._reading.done()

    async def followed(self, until_s: float) -> None:
        """Wait until voice activity has been looked at up to there."""
        while self._followed_s < until_s:
            self._went_on.clear()
            await self._went_on.wait()

    async def finish(self) -> str:
        """There will be no more sound; the text of all turns that are left."""
        self.end_input()
        finals = [
            event.alternatives[0].text
            async for event in self
            if event.type == stt.SpeechEventType.FINAL_TRANSCRIPT
        ]
        await self.aclose()
        return " ".join(finals)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._follow())

    async def _listen(self) -> None:
        async for frame in self._input_ch:
            if isinstance(frame, rtc.AudioFrame):
                self._sound.add(frame)
                self._activity.push_frame(frame)
        self._activity.end_input()

    async def _follow(self) -> None:
        """Voice activity drives everything: its events come 31 times a second."""
        try:
            async for event in self._activity:
                now_s = self._sound.at_s(event.samples_index)
                if event.type == vad.VADEventType.START_OF_SPEECH:
                    self._speech_started(now_s - event.speech_duration)
                elif event.type == vad.VADEventType.END_OF_SPEECH:
                    self._turn.speech_ended(now_s - event.silence_duration)
                else:
                    self._advance(now_s)
                self._followed_s = now_s
                self._went_on.set()
            await self._finish_up()
        finally:
            await self._activity.aclose()
            if self._reading:
                await utils.aio.cancel_and_wait(self._reading)

    def _speech_started(self, at_s: float) -> None:
        """Who speaks on has not been done, be it that their turn was already taken for over."""
        if self._turn.words and not self._turn.speaking and self._turn.all_read:
            self._owner.patience.went_on(self._turn.text, at_s - self._turn.spoken_until_s)
        elif self._taken is not None and at_s - self._taken[1] < _SOON_S:
            text, ended_s = self._taken
            self._owner.patience.went_on(text, at_s - ended_s)
        self._taken = None
        self._following.breath_begins(at_s - _BEFORE_S, all_known=self._turn.all_read)
        self._turn.speech_started(at_s)

    def _advance(self, now_s: float) -> None:
        if self._reading is not None:
            if not self._reading.done():
                return
            self._reading.result()
            self._reading = None
        if stretch := self._turn.due(now_s):
            self._reading = asyncio.create_task(self._read(stretch))
        elif self._turn.over(now_s, self._wait_s):
            self._finish(now_s)
        elif self._may_follow(now_s) and (breath := self._following.due(now_s)):
            self._reading = asyncio.create_task(self._follow_breath(*breath))
        else:
            self._sound.forget(before_s=self._turn.needed_from_s(now_s) - _KEEP_S)

    async def _finish_up(self) -> None:
        """There will be no more sound: what was heard is all of the turn."""
        if self._reading is not None:
            await self._reading
        now_s = self._sound.end_s
        self._turn.speech_ended(now_s)
        while stretch := self._turn.due(now_s):
            await self._read(stretch)
        if self._turn.over(inf, 0.0):
            self._finish(now_s)

    async def _read(self, stretch: Stretch) -> None:
        stretch = self._fitting(stretch)
        parts = [(start_s, self._sound.cut(start_s, end_s)) for start_s, end_s in stretch.speech]
        found = await self._owner.whisper.transcribe(
            join([pcm for _, pcm in parts]), terms=self._owner.terms, before=self._turn.settled_text
        )
        if stretch.purpose != "look" and parts and (last_s := last_sound_s(parts[-1][1])) is not None:
            self._last_sound_s = parts[-1][0] + last_s
        self._turn.transcribed(stretch, _placed(found, parts), self._sound.end_s)
        if stretch.purpose != "look":
            self._following.known_until(stretch.end_s)
        self._show_progress()
        self._wait_s = self._owner.patience.wait_s(
            self._turn.text, await self._likely_end(stretch), hums=self._hums()
        )

    def _hums(self) -> bool:
        """Whether a sound follows the last word: an "um", which the recogniser leaves out."""
        voiced_until_s = min(self._turn.spoken_until_s, self._last_sound_s)
        words = self._turn.words
        return bool(words) and not self._turn.speaking and voiced_until_s - words[-1].end_s > _HUM_S

    def _may_follow(self, now_s: float) -> bool:
        """Not where a pause may have begun: the reading that counts must not have to wait."""
        return (
            self._owner.follows
            and self._turn.speaking
            and self._turn.floor_until_s < inf
            and last_sound_s(self._sound.cut(now_s - _MAYBE_PAUSE_S, now_s)) is not None
        )

    async def _follow_breath(self, start_s: float, end_s: float) -> None:
        parts = [(start_s, self._sound.cut(start_s, end_s))]
        found = await self._owner.whisper.transcribe(parts[0][1], terms=self._owner.terms)
        self._following.read(_placed(found, parts), end_s)
        self._tell_followed()

    def _tell_followed(self) -> None:
        if self._owner.follows:
            shown = self._turn.text if self._turn.asks_for_the_floor() else ""
            self._owner.emit("following", f"{shown} {self._following.text}".strip())

    async def _likely_end(self, stretch: Stretch) -> float | None:
        if stretch.goes_on or not voice_tells(self._turn.text):
            return None
        end_s = self._turn.spoken_until_s + SILENCE_S
        return await sounds_like_end(self._sound.cut(end_s - HEARS_S, end_s))

    def _fitting(self, stretch: Stretch) -> Stretch:
        """As much of it as the recogniser takes at once, ending where it is quietest."""
        if stretch.length_s <= MOST_AT_ONCE_S and not (stretch.goes_on and stretch.purpose == "settle"):
            return stretch
        whole = self._sound.cut(stretch.start_s, min(stretch.end_s, stretch.start_s + MOST_AT_ONCE_S))
        return stretch.cut_at(stretch.start_s + quietest_s(whole, after_s=LONGEST_STRETCH_S * 0.7))

    def _show_progress(self) -> None:
        """Send what was heard so far. It interrupts the interviewer, so listening noises are left out."""
        asks = self._turn.asks_for_the_floor()
        self._event_ch.send_nowait(
            _event(stt.SpeechEventType.INTERIM_TRANSCRIPT, self._turn.words if asks else [])
        )
        self._tell_followed()
        if self._turn.idle:
            self._owner.emit("settled")

    def _finish(self, now_s: float) -> None:
        heard = replace(self._turn.take(now_s), last_sound_s=self._last_sound_s)
        self._taken = (heard.text, self._last_sound_s)
        self._following.known_until(now_s)
        if not (heard.under_voice and yields_the_floor(heard.text)):
            self._owner.finish(heard)
            self._event_ch.send_nowait(_event(stt.SpeechEventType.FINAL_TRANSCRIPT, heard.words))
        self._owner.emit("settled")


def _placed(words: Sequence[Word], parts: Sequence[tuple[float, Pcm]]) -> list[Word]:
    """Words with times counted along the joined parts, put where those parts were heard.

    A word goes by its end: the recogniser lets a word behind a pause begin with the pause.
    """
    ends = np.cumsum([len(pcm) for _, pcm in parts]) / RATE_HZ
    placed: list[Word] = []
    for word in words:
        inside_s = max((word.start_s + word.end_s) / 2, word.end_s - _SURELY_INSIDE_S)
        number = min(int(np.searchsorted(ends, inside_s)), len(parts) - 1)
        start_s, pcm = parts[number]
        shift_s = start_s - (float(ends[number]) - len(pcm) / RATE_HZ)
        a, b = max(word.start_s + shift_s, start_s), min(word.end_s + shift_s, start_s + len(pcm) / RATE_HZ)
        placed.append(word.model_copy(update={"start_s": round(a, 3), "end_s": round(max(a, b), 3)}))
    return placed


def _event(kind: stt.SpeechEventType, words: Sequence[Word]) -> stt.SpeechEvent:
    text = " ".join(word.text for word in words)
    sure = sum(word.p for word in words) / len(words) if words else 0.0
    return stt.SpeechEvent(
        type=kind, alternatives=[stt.SpeechData(language=LanguageCode("en"), text=text, confidence=sure)]
    )
