"""One spoken sitting of an interview, the same for every kind of microphone and loudspeaker.

microphone -> Ears -> WhisperSTT -> Interviewer -> Conductor -> the interview
loudspeaker <- Mouth <- PiperTTS <- Interviewer <-'        everything -> Minutes -> the session's folder
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from livekit.agents import AgentSession, inference, llm
from livekit.agents.voice import CloseEvent

from agent.errors import SessionError
from agent.voice.conductor import Interview
from agent.voice.interviewer import Interviewer, Listener
from agent.voice.latency import Latency
from agent.voice.lines import Ears, Mouth, Played, Witness
from agent.voice.minutes import Minutes
from agent.voice.models import SpeechModels
from agent.voice.patience import Patience, Setting
from agent.voice.pcm import Pcm, last_sound_s
from agent.voice.recording import Recording
from agent.voice.relistening import listen_again
from agent.voice.stt import WhisperSTT
from agent.voice.timeline import Timeline
from agent.voice.tts import PiperTTS
from agent.voice.whisper import Whisper
from graphs.models import Utterance

_LAST_WORDS_S = 20.0
_STEP_S = 0.3

Devices = Callable[[Timeline, Witness], tuple[Ears, Mouth]]
"""Opens the two ends of a conversation. Called once the session's timeline is known."""
LeftOver = Callable[[], Awaitable[Pcm]]
"""Gives what the microphone still has of a sitting that broke off; its beginning may have been recorded already."""


class Sitting:
    """What a caller can do to a conversation while `converse` holds it.

    `followed` hears what was understood so far of the candidate's words, again and again until their turn is over:
    about a second behind the voice, for a quarter of the processor's time.
    """

    def __init__(self, *, followed: Callable[[str], None] | None = None) -> None:
        self.stopped = asyncio.Event()
        self.failure: BaseException | None = None
        self.followed = followed
        self._recogniser: WhisperSTT | None = None
        self._interviewer: Interviewer | None = None

    def stop(self) -> None:
        """Save and leave; the interview can be resumed."""
        self.stopped.set()

    def fail(self, error: BaseException) -> None:
        """Save and leave, and have `converse` raise this."""
        self.failure = error
        self.stopped.set()

    def conclude(self) -> None:
        """Take the answer under way for complete, without waiting for a silence."""
        if self._recogniser is not None:
            self._recogniser.conclude()

    def write(self, text: str, *, turn: str, request: bool = False) -> None:
        """Say this in writing; see `Interviewer.write`. Nothing happens before the conversation has begun."""
        if self._interviewer is not None and not self.stopped.is_set():
            self._interviewer.write(text, turn=turn, request=request)

    def candidate_away(self, away: bool) -> None:
        """The candidate's line is dead, or there again."""
        if self._interviewer is not None:
            self._interviewer.candidate_away(away)

    def attach(self, recogniser: WhisperSTT, interviewer: Interviewer) -> None:
        self._recogniser, self._interviewer = recogniser, interviewer


async def converse(
    interview: Interview,
    devices: Devices,
    folder: Path,
    *,
    models: SpeechModels,
    sitting: Sitting | None = None,
    listeners: Sequence[Listener] = (),
    patience: Setting = "normal",
    left_over: LeftOver | None = None,
    speed: float = 1.0,
) -> Latency:
    """Hold the interview, or carry it on, until it has ended or `sitting` is stopped.

    Everything said is in `folder` by then, whatever ends the sitting. Raises what the interview, the devices or the
    disk raise.
    """
    sitting = sitting or Sitting()
    recording = Recording(folder, agreed=(await interview.view()).may_be_kept)
    minutes = Minutes(folder, recording)
    try:
        if left_over is not None:
            recording.take_up(await left_over())
        await _catch_up(interview, recording, models.whisper, [minutes, *listeners])
        if not (await interview.view()).finished:  # what was caught up with may have ended it
            timeline = Timeline(start_s=recording.length_s, speed=speed)
            ears = WhisperSTT(
                models.whisper, patience=Patience(patience), follows=sitting.followed is not None
            )
            if sitting.followed is not None:
                ears.on("following", sitting.followed)
            interviewer = Interviewer(
                interview,
                timeline=timeline,
                ears=ears,
                voice=PiperTTS(models.piper),
                listeners=[minutes, *listeners],
            )
            sitting.attach(ears, interviewer)
            witness = _Everything(interviewer, recording)
            async with _open(devices, timeline, witness) as (microphone, loudspeaker):
                loudspeaker.may_start = lambda: ears.settled
                await _hold(interviewer, ears, microphone, loudspeaker, sitting)
    finally:
        latency = minutes.close()
    return latency


async def _catch_up(
    interview: Interview, recording: Recording, whisper: Whisper, listeners: Sequence[Listener]
) -> None:
    """Tell the interview what it does not know of yet, because its process died.

    That is a turn that was written down just before, and what was said after it: sound that had yet to become words.
    """
    await _tell_last_turn(interview, recording)
    view = await interview.view()
    sound, start_s = recording.unheard()
    if view.finished or not view.turns or last_sound_s(sound) is None:
        return
    heard = await listen_again(whisper, sound, start_s, terms=view.expected_terms)
    if heard is None:
        return
    lines = recording.turns()
    amends = bool(lines) and lines[-1].speaker == "candidate"
    turn = f"rest-{round(heard.start_s * 1000)}"
    for listener in listeners:
        listener.heard(turn, heard, amends=amends)
    if amends:
        await _drain(interview.amend(heard.text, turn=turn))
    else:
        await interview.keep(heard.text, turn=turn)


async def _tell_last_turn(interview: Interview, recording: Recording) -> None:
    last = next((turn for turn in reversed(recording.turns()) if turn.speaker == "candidate"), None)
    told = [turn for turn in (await interview.view()).turns if turn.speaker == "candidate"]
    if last is None or any(last.turn == turn.id for turn in told):
        return
    if last.amends and any(turn.text.endswith(last.text) for turn in told):
        return
    await _drain(interview.begin())
    tell = interview.amend if last.amends else interview.hear
    await _drain(tell(last.text, turn=last.turn))


async def _drain(utterances: AsyncIterator[Utterance]) -> None:
    """They are said again by the new sitting."""
    async for _ in utterances:
        pass


async def _hold(
    interviewer: Interviewer, ears: WhisperSTT, microphone: Ears, loudspeaker: Mouth, sitting: Sitting
) -> None:
    session = _agent_session(ears)
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_close(event: CloseEvent) -> None:
        if not closed.done():
            closed.set_result(None)
        if event.error is not None:
            interviewer.fail(event.error.error)

    session.on("close", on_close)
    session.input.audio = microphone
    session.output.audio = loudspeaker
    stopped = asyncio.create_task(sitting.stopped.wait())
    try:
        await session.start(interviewer, record=False)
        endings: list[asyncio.Future[Any]] = [interviewer.over, closed, stopped]
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done() and not closed.done() and not interviewer.over.done():
            await _take_last_words(interviewer, ears, microphone, loudspeaker)
    finally:
        stopped.cancel()
        await session.aclose()
    if sitting.failure is not None:
        raise sitting.failure
    if interviewer.over.done():
        interviewer.over.result()


async def _take_last_words(
    interviewer: Interviewer, ears: WhisperSTT, microphone: Ears, loudspeaker: Mouth
) -> None:
    """Whoever leaves amid an answer finds what was said of it when the interview is carried on."""
    microphone.muted = interviewer.leaving = True
    loudspeaker.may_start = lambda: False
    try:
        async with asyncio.timeout(_LAST_WORDS_S):
            while not ears.settled or interviewer.busy:
                ears.conclude()
                await asyncio.sleep(_STEP_S)
                if ears.settled:
                    await asyncio.sleep(_STEP_S)
    except TimeoutError:
        return


def _agent_session(ears: WhisperSTT) -> AgentSession[None]:
    """All on this machine: every part that could look for a cloud service is named.

    The recogniser alone decides when a turn is over: it holds the transcript back until then, so the session need not
    wait. Voice activity without words never interrupts (`min_words`), and nothing is paused or resumed behind our back.
    """
    return AgentSession(
        stt=ears,
        vad=inference.VAD(),
        llm=_NoModel(),
        turn_handling={
            "turn_detection": "vad",
            "endpointing": {"mode": "fixed", "min_delay": 0.05, "max_delay": 0.05},
            "interruption": {
                "mode": "vad",
                "min_duration": 0.0,
                "min_words": 1,
                "resume_false_interruption": False,
                "discard_audio_if_uninterruptible": False,
            },
            "preemptive_generation": {"enabled": False},
        },
        tts_text_transforms=None,
        aec_warmup_duration=None,
        user_away_timeout=None,
    )


class _NoModel(llm.LLM[str]):
    """A session wants a language model. This one is never asked: the interview words what is said."""

    def chat(self, **_: Any) -> llm.LLMStream:
        raise NotImplementedError("the interview, not a language model, says what is spoken")


class _Everything:
    """The witness of a sitting: records sound, and tells the interviewer what became of the lines."""

    def __init__(self, interviewer: Interviewer, recording: Recording) -> None:
        self._interviewer = interviewer
        self._recording = recording

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None:
        try:
            self._recording.candidate_sound(pcm, at_s)
        except SessionError as error:
            self._interviewer.fail(error)

    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None:
        try:
            self._recording.interviewer_sound(pcm, at_s, rate_hz)
        except SessionError as error:
            self._interviewer.fail(error)

    def utterance_started(self, turn: str, at_s: float) -> None:
        self._interviewer.utterance_started(turn, at_s)

    def utterance_ended(self, played: Played) -> None:
        try:
            self._recording.utterance_ended()
            self._interviewer.utterance_ended(played)
        except SessionError as error:
            self._interviewer.fail(error)


@asynccontextmanager
async def _open(devices: Devices, timeline: Timeline, witness: Witness) -> AsyncIterator[tuple[Ears, Mouth]]:
    microphone, loudspeaker = devices(timeline, witness)
    try:
        yield microphone, loudspeaker
    finally:
        await loudspeaker.aclose()
        await microphone.aclose()
