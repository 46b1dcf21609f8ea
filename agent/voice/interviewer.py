"""The interviewer, as livekit-agents knows it: hears turns, and gives the interview's replies a voice.

One turn: the recogniser ends it -> `on_user_turn_completed` hands it to the conductor, once -> `llm_node` passes on
what the interview says, line by line -> `tts_node` marks the sound with the line's turn -> `Mouth` plays it and says
what became of it. An interruption cancels `llm_node` and `tts_node`, never the conductor.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from typing import Protocol

from livekit import rtc
from livekit.agents import (
    Agent,
    FlushSentinel,
    ModelSettings,
    SpeechCreatedEvent,
    StopResponse,
    UserInputTranscribedEvent,
    llm,
)
from livekit.agents.voice import SpeechHandle

from agent.errors import SoundcheckError
from agent.voice.bridging import AFTER_S, Bridges
from agent.voice.conductor import Conductor, Interview, Reply
from agent.voice.forethought import Forethought
from agent.voice.lines import Played
from agent.voice.stt import WhisperSTT
from agent.voice.timeline import Timeline
from agent.voice.tts import PiperTTS
from agent.voice.words import Heard, spread
from graphs.models import Utterance, View

_REACTION_S = 0.7
"""Whoever begins to speak this soon after the interviewer did was not answering, but going on."""
_LOOK_EVERY_S = 0.25
_FIRST_SILENCE_S = 15.0
_NEXT_SILENCE_S = 5.0
_RESUME_AFTER_S = 0.5


class Line(str):
    """An utterance on its way through the session, which only knows strings."""

    utterance: Utterance

    @classmethod
    def of(cls, utterance: Utterance) -> "Line":
        line = cls(utterance.text)
        line.utterance = utterance
        return line


class Listener(Protocol):
    """Told how the conversation goes."""

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        """The candidate's turn is over, or more of the last one came. Done before the interview hears of it."""

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None: ...

    def said(self, utterance: Utterance, played: Played) -> None: ...

    def floor_opened(self, reply: Reply) -> None:
        """`reply` was heard to its end; it is the candidate's turn."""

    def viewed(self, view: View, reply: Reply) -> None:
        """`reply` is complete, and so the interview stands."""


class Interviewer(Agent):
    """`over` is done when the sitting has ended and its last word was heard, or fails as the interview failed."""

    def __init__(
        self,
        interview: Interview,
        *,
        timeline: Timeline,
        ears: WhisperSTT,
        voice: PiperTTS,
        listeners: Sequence[Listener],
    ) -> None:
        super().__init__(instructions="")
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.leaving = False
        """The sitting is about to end: what is said now is cut off by that, and gets no reply."""
        self._timeline = timeline
        self._ears = ears
        self._voice = voice
        self._listeners = listeners
        self._conductor = Conductor(
            interview,
            now_s=timeline.now_s,
            on_words=self._speak_up,
            on_done=self._done,
            on_failure=self.fail,
        )
        self._forethought = Forethought(interview, voice)
        self._bridges = Bridges()
        self._speeches: set[SpeechHandle] = set()
        self._lines: dict[str, tuple[Utterance, Reply]] = {}
        self._written: set[str] = set()
        self._away = False
        self._paused = False
        self._quiet_from_s = 0.0
        self._silence_due_s = _FIRST_SILENCE_S
        self._watching: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """The interview is taking something in."""
        return self._conductor.busy

    async def on_enter(self) -> None:
        self.session.on("speech_created", self._track)
        self.session.on("user_input_transcribed", self._follow)
        self._watching = asyncio.create_task(self._watch())
        self._conductor.begin()

    async def on_exit(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        await self._forethought.aclose()
        await self._conductor.aclose()

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        text = new_message.text_content or ""
        heard = self._ears.take(text) or self._typed(text)
        if not self._take(new_message.id, heard, amends=_goes_on(self._conductor.reply, heard)):
            raise StopResponse

    def write(self, text: str, *, turn: str, request: bool = False) -> None:
        """A turn that was typed, or a `request` made by a key; whatever is being said stops.

        The same `turn` counts once. A request never joins the answer before it.
        """
        heard = self._typed(text)
        amends = not request and _goes_on(self._conductor.reply, heard)
        if turn in self._written or not self._take(turn, heard, amends=amends):
            return
        self._written.add(turn)
        if all(speech.allow_interruptions for speech in self._speeches):
            self.session.interrupt()
        self.session.generate_reply(user_input=llm.ChatMessage(role="user", content=[text], id=turn))

    def candidate_away(self, away: bool) -> None:
        """While nobody is there, no silence means anything."""
        self._away = away
        self._quiet_from(self._timeline.now_s())

    def _take(self, turn: str, heard: Heard, *, amends: bool) -> bool:
        """Have a turn recorded, then tell the interview; False where it is not the candidate's turn at all."""
        last = self._conductor.reply
        if self._conductor.finished or (last.cause == "begin" and last.content_from_s is None):
            return False
        try:
            for listener in self._listeners:
                listener.heard(turn, heard, amends=amends)
        except SoundcheckError as error:
            self.fail(error)
            return False
        now_s = self._timeline.now_s()
        self._quiet_from(now_s)
        if self.leaving and not amends:
            self._conductor.keep(heard.text, turn=turn)
            return True
        tell = self._conductor.amend if amends else self._conductor.hear
        tell(heard.text, turn=turn, waited_s=now_s - heard.last_sound_s)
        return True

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[str | FlushSentinel, None]:
        reply = self._conductor.reply
        if reply.turn not in (None, _last_turn(chat_ctx)):
            return
        if (bridge := await self._bridge(reply)) is not None:
            self._lines[bridge.turn] = (bridge, reply)
            yield Line.of(bridge)
            yield FlushSentinel()
        async for utterance in reply.unsaid():
            self._lines[utterance.turn] = (utterance, reply)
            if utterance.kind == "closing":
                self._insist()
            yield Line.of(utterance)
            yield FlushSentinel()

    async def tts_node(
        self, text: AsyncIterable[str], model_settings: ModelSettings
    ) -> AsyncGenerator[rtc.AudioFrame, None]:
        async for line in text:
            assert isinstance(line, Line), "only llm_node speaks here"
            async with self._voice.synthesize(line) as sound:
                async for audio in sound:
                    self._note_voice(line.utterance)
                    audio.frame.userdata["turn"] = line.utterance.turn
                    yield audio.frame

    def _note_voice(self, utterance: Utterance) -> None:
        _, reply = self._lines[utterance.turn]
        if reply.content_voice_s is None and utterance.kind != "acknowledgement":
            reply.content_voice_s = self._timeline.now_s()

    def utterance_started(self, turn: str, at_s: float) -> None:
        utterance, reply = self._lines[turn]
        self._ears.interviewer_speaks(utterance.text)
        acknowledges = utterance.kind == "acknowledgement"
        if reply.content_from_s is None and not acknowledges:
            reply.content_from_s = at_s
        if not acknowledges:
            self._forethought.follow("")
        if utterance.kind == "greeting":
            self._forethought.make(self._bridges.all)
        for listener in self._listeners:
            listener.started(utterance, at_s, reply)

    def utterance_ended(self, played: Played) -> None:
        utterance, reply = self._lines[played.turn]
        for listener in self._listeners:
            listener.said(utterance, played)
        reply.heard_of(utterance, played.share)
        if played.interrupted:
            self._ears.interviewer_stopped(played.end_s)
        self._quiet_from(played.end_s)
        self._open_floor(reply)

    async def _bridge(self, reply: Reply) -> Utterance | None:
        """Something to say while the reply to an answer is still to come."""
        if reply.cause not in ("hear", "amend") or reply.bridged or await reply.comes_within(AFTER_S):
            return None
        words = self._bridges.after(reply.heard)
        reply.bridged = words is not None
        return Utterance(turn=f"{reply.turn}-bridge", kind="acknowledgement", text=words) if words else None

    def _follow(self, event: UserInputTranscribedEvent) -> None:
        if event.transcript and not event.is_final:
            self._forethought.follow(event.transcript)

    def _done(self, reply: Reply, view: View) -> None:
        """The interview has nothing more to say to that event."""
        self._paused = view.paused
        self._ears.patience.stage_s = view.patience_s
        self._ears.terms = view.expected_terms
        for listener in self._listeners:
            listener.viewed(view, reply)
        if reply.cause != "silence" or reply.utterances:
            self._open_floor(reply)

    def _open_floor(self, reply: Reply) -> None:
        if reply is not self._conductor.reply or not reply.delivered:
            return
        now_s = self._timeline.now_s()
        self._ears.interviewer_stopped(now_s)
        reply.content_from_s = reply.content_from_s or now_s
        if not self._conductor.finished:
            for listener in self._listeners:
                listener.floor_opened(reply)

    def _speak_up(self) -> None:
        """Have `llm_node` called for words that no turn of the candidate waits for."""
        self.session.generate_reply()

    def _insist(self) -> None:
        for speech in self._speeches:
            if not speech.interrupted:
                speech.allow_interruptions = False

    def _track(self, event: SpeechCreatedEvent) -> None:
        self._speeches.add(event.speech_handle)
        event.speech_handle.add_done_callback(self._speech_over)

    def _speech_over(self, speech: SpeechHandle) -> None:
        self._speeches.discard(speech)
        now_s = self._timeline.now_s()
        self._ears.interviewer_stopped(now_s)
        self._quiet_from(now_s)

    def _quiet_from(self, at_s: float) -> None:
        self._quiet_from_s = at_s
        self._silence_due_s = _FIRST_SILENCE_S

    async def _watch(self) -> None:
        """Mind the silences: the end, a voice that was cut off by nothing, and a candidate who says nothing."""
        while True:
            await self._timeline.until(self._timeline.now_s() + _LOOK_EVERY_S)
            if self._conductor.busy or self._speeches or self._away or not self._ears.settled:
                continue
            quiet_s = self._timeline.now_s() - self._quiet_from_s
            if not self._conductor.reply.delivered:
                if quiet_s >= _RESUME_AFTER_S:
                    self._speak_up()
            elif self._conductor.finished:
                if not self.over.done():
                    self.over.set_result(None)
                return
            elif quiet_s >= self._silence_due_s and not self._paused:
                self._silence_due_s += _NEXT_SILENCE_S
                self._conductor.silence(quiet_s)

    def fail(self, error: BaseException) -> None:
        if not self.over.done():
            self.over.set_exception(error)

    def _typed(self, text: str) -> Heard:
        now_s = self._timeline.now_s()
        return Heard(spread(text, now_s, now_s), now_s, now_s, now_s, typed=True)


def _goes_on(last: Reply, heard: Heard) -> bool:
    """Whether these words belong to the answer that `last` replies to: the candidate could not know of it yet."""
    if last.cause not in ("hear", "amend") or (last.complete and not last.utterances):
        return False
    return last.content_from_s is None or heard.start_s < last.content_from_s + _REACTION_S


def _last_turn(chat_ctx: llm.ChatContext) -> str | None:
    turns = [item.id for item in chat_ctx.items if item.type == "message" and item.role == "user"]
    return turns[-1] if turns else None
