"""livekit-agents as it comes, on our models: what our own loop is compared with.

Its parts and settings are the framework's own: voice activity cuts speech into pieces for a recogniser that does not
stream, `v1-mini` says when a turn is over, replies are begun early, and a language model is given the conversation.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from livekit import rtc
from livekit.agents import Agent, AgentSession, LanguageCode, inference, llm, stt, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, APIConnectOptions, NotGivenOr
from livekit.agents.voice import AgentStateChangedEvent
from livekit.agents.voice.events import ConversationItemAddedEvent
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from agent.benches.spoken import Answer, Delay, said
from agent.voice.headless import Headless
from agent.voice.lines import Played
from agent.voice.pcm import RATE_HZ, Pcm, resample
from agent.voice.piper import Piper
from agent.voice.timeline import Timeline
from agent.voice.tts import PiperTTS

INSTRUCTIONS = (
    "You are the interviewer of a spoken job interview. Reply to what the candidate said with one short follow-up "
    "question of at most 25 words, and nothing else."
)
QUESTION = "Tell me about a time when you changed how a team works."
GIVE_UP_S = 40.0
_LAST_PIECE_S = 5.0
"""After so long nothing of an answer is left to be recognised."""


class PlainWhisper(stt.STT[Literal["none"]]):
    """faster-whisper with its own defaults but a beam of 1, as ours has."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        from faster_whisper import WhisperModel

        super().__init__(
            capabilities=stt.STTCapabilities(streaming=False, interim_results=False, aligned_transcript=False)
        )
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._line = ThreadPoolExecutor(max_workers=1)
        self.heard: list[Pcm] = []
        """What it was given, call by call."""
        self.clock: Callable[[], float] = time.monotonic
        self.reads_s: list[tuple[float, float]] = []
        """When each call came, and when its words were there."""

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        frame = rtc.combine_audio_frames(buffer)
        pcm = resample(np.frombuffer(frame.data, dtype=np.int16), frame.sample_rate, RATE_HZ)
        self.heard.append(pcm)
        asked_s = self.clock()
        text = await asyncio.get_running_loop().run_in_executor(self._line, self.read, pcm)
        self.reads_s.append((asked_s, self.clock()))
        said = [stt.SpeechData(language=LanguageCode("en"), text=text)]
        return stt.SpeechEvent(type=stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=said)

    def read(self, pcm: Pcm) -> str:
        segments, _ = self._model.transcribe(pcm.astype(np.float32) / 32768, language="en", beam_size=1)
        return " ".join(segment.text.strip() for segment in segments)


class ServerModel(llm.LLM[str]):
    """Streams replies of the embedded server."""

    def __init__(self, client: AsyncOpenAI) -> None:
        super().__init__()
        self._client = client

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> llm.LLMStream:
        return _Stream(self, self._client, chat_ctx, conn_options)


class _Stream(llm.LLMStream):
    def __init__(
        self, owner: ServerModel, client: AsyncOpenAI, context: llm.ChatContext, options: APIConnectOptions
    ) -> None:
        super().__init__(owner, chat_ctx=context, tools=[], conn_options=options)
        self._client = client

    async def _run(self) -> None:
        messages, _ = self._chat_ctx.to_provider_format("openai")
        stream: AsyncStream[ChatCompletionChunk] = await self._client.chat.completions.create(
            model="embedded", messages=cast(Any, messages), stream=True, max_tokens=64, temperature=0.0
        )
        async for chunk in stream:
            if chunk.choices and (text := chunk.choices[0].delta.content):
                delta = llm.ChoiceDelta(role="assistant", content=text)
                self._event_ch.send_nowait(llm.ChatChunk(id=uuid.uuid4().hex, delta=delta))


class _Watch:
    """A witness that notes when the voice began and ended."""

    def __init__(self) -> None:
        self.starts_s: list[float] = []
        self.ended = asyncio.Event()

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None: ...

    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None: ...

    def utterance_started(self, turn: str, at_s: float) -> None:
        self.starts_s.append(at_s)
        self.ended.clear()

    def utterance_ended(self, played: Played) -> None:
        self.ended.set()


async def stock_conversation(
    whisper: PlainWhisper, piper: Piper, client: AsyncOpenAI, given: Sequence[Answer]
) -> list[Delay]:
    """One question, and then a reply to each of these answers."""
    watch, devices = _Watch(), Headless()
    ears, mouth = devices(Timeline(), watch)
    vad = inference.VAD()
    session: AgentSession[None] = AgentSession(
        stt=stt.StreamAdapter(stt=whisper, vad=vad),
        vad=vad,
        llm=ServerModel(client),
        tts=PiperTTS(piper),
        turn_handling={
            "turn_detection": inference.TurnDetector(version="v1-mini"),
            "interruption": {"mode": "vad"},
        },
        aec_warmup_duration=None,
        user_away_timeout=None,
    )
    session.input.audio, session.output.audio = ears, mouth
    spent = _Spent(session)
    try:
        await session.start(Agent(instructions=INSTRUCTIONS), record=False)
        await session.say(QUESTION)
        whisper.clock = ears.timeline.now_s
        return [await _delay(session, devices, whisper, watch, spent, answer) for answer in given]
    finally:
        await session.aclose()
        await mouth.aclose()
        await ears.aclose()


class _Spent:
    """What the framework says about the last reply."""

    def __init__(self, session: AgentSession[None]) -> None:
        self._metrics: dict[str, Any] = {}
        session.on("conversation_item_added", self._note)

    def forget(self) -> None:
        self._metrics = {}

    @property
    def spent_s(self) -> dict[str, float]:
        def told(key: str) -> float:
            return float(self._metrics.get(key, 0.0))

        return {
            "recognising": round(told("transcription_delay"), 3),
            "waiting for more": round(told("end_of_turn_delay") - told("transcription_delay"), 3),
            "wording": round(told("llm_node_ttft"), 3),
            "voicing": round(told("tts_node_ttfb"), 3),
        }

    def _note(self, event: ConversationItemAddedEvent) -> None:
        self._metrics |= getattr(event.item, "metrics", None) or {}


async def _delay(
    session: AgentSession[None],
    devices: Headless,
    whisper: PlainWhisper,
    watch: _Watch,
    spent: _Spent,
    answer: Answer,
) -> Delay:
    quiet = asyncio.Event()

    def listen(event: AgentStateChangedEvent) -> None:
        if event.new_state == "listening":
            quiet.set()

    session.on("agent_state_changed", listen)
    began_s, last_s = await said(devices, answer)
    spent.forget()
    heard_s = await _heard_all_s(whisper, last_s)
    first_s: float | None = None
    deadline_s = last_s + GIVE_UP_S
    while first_s is None and devices.ears.timeline.now_s() < deadline_s:
        await asyncio.sleep(0.05)
        first_s = next((at_s for at_s in watch.starts_s if at_s > heard_s), None)
    while session.agent_state == "speaking":
        quiet.clear()
        await quiet.wait()
    session.off("agent_state_changed", listen)
    after_s = None if first_s is None else round(first_s - last_s, 3)
    return Delay(
        answer_s=answer.length_s,
        first_sound_s=after_s,
        first_content_s=after_s,
        spent_s=spent.spent_s,
        cut_ins=sum(began_s < at_s <= heard_s for at_s in watch.starts_s),
    )


async def _heard_all_s(whisper: PlainWhisper, last_s: float) -> float:
    """When the end of the answer had become words. A reply that begins earlier replies to a part of it."""
    while whisper.clock() < last_s + _LAST_PIECE_S:
        for asked_s, read_s in whisper.reads_s:
            if asked_s > last_s:
                return read_s
        await asyncio.sleep(0.05)
    return last_s
