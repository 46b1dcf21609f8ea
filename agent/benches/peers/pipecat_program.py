"""pipecat as it comes, on our models. Run by the interpreter of its own environment; it imports nothing of ours.

A job comes in as one JSON line. One JSON line goes out when all is loaded, one after each answer, one when the
conversation is over, and one with what recognition alone costs; the conversation waits for an empty line. Parts and
settings are those of pipecat's own voice example: Silero VAD with a stop after 0.2 s, smart-turn v3 for the end of a
turn, Whisper for each stretch of speech, replies spoken sentence by sentence. Only the beam of 1 and the length and
temperature of replies are those of the other sides.
"""
# mypy: disable-error-code="import-not-found, misc, untyped-decorator"

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from faster_whisper import WhisperModel
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    InputAudioRawFrame,
    OutputAudioRawFrame,
    StartFrame,
    TTSSpeakFrame,
)
from pipecat.observers.user_bot_latency_observer import LatencyBreakdown, UserBotLatencyObserver
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.workers.runner import WorkerRunner

RATE_HZ = 16_000
FRAME_S = 0.02
FRAME = bytes(2 * round(FRAME_S * RATE_HZ))
NEW_UTTERANCE_S = 0.35
"""A silence after which sound counts as another utterance."""
STEPS = {
    "endpointing_wait": "waiting for more",
    "turn_detection": "waiting for more",
    "transcription": "recognising",
    "llm_inference": "wording",
    "sentence_aggregation": "wording",
    "speech_synthesis": "voicing",
}
"""What we call pipecat's parts of a delay. Its own remainder is left out: after a reply that was begun too early and
withdrawn, pipecat counts it from the start of the conversation."""
REST = "everything else"


class KeptWhisper(WhisperModel):
    """A beam of 1, as the other sides have; keeps what it was given."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.heard: list[tuple[Any, dict[str, Any]]] = []

    def transcribe(self, audio: Any, **options: Any) -> Any:
        self.heard.append((audio, options))
        return super().transcribe(audio, beam_size=1, **options)

    def replayed_s(self) -> float:
        """Processor time of all that it did, done again with nothing beside it."""
        heard, began_s = list(self.heard), time.process_time()
        for audio, options in heard:
            list(self.transcribe(audio, **options)[0])
        return time.process_time() - began_s


class Recogniser(WhisperSTTService):
    def __init__(self, folder: str, threads: int) -> None:
        self._threads = threads
        super().__init__(device="cpu", compute_type="int8", settings=WhisperSTTService.Settings(model=folder))

    def _load(self) -> None:
        self._model = self.whisper = KeptWhisper(
            self._settings.model, device="cpu", compute_type="int8", cpu_threads=self._threads
        )


class Microphone(BaseInputTransport):
    """Hears what `say` is given, in real time, and silence otherwise."""

    def __init__(self) -> None:
        super().__init__(TransportParams(audio_in_enabled=True))
        self.opened = asyncio.Event()
        self._sending: asyncio.Task[None] | None = None
        self._pending = b""
        self._said = asyncio.Event()

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._sending = self.create_task(self._send(), "microphone")
        self.opened.set()

    async def cleanup(self) -> None:
        await super().cleanup()
        if self._sending:
            await self.cancel_task(self._sending)

    async def say(self, pcm: bytes) -> None:
        self._said.clear()
        self._pending = pcm
        await self._said.wait()

    async def _send(self) -> None:
        due_s = time.monotonic()
        while True:
            due_s += FRAME_S
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            part, self._pending = self._pending[: len(FRAME)], self._pending[len(FRAME) :]
            await self.push_audio_frame(InputAudioRawFrame(part.ljust(len(FRAME), b"\0"), RATE_HZ, 1))
            if not self._pending:
                self._said.set()


class Loudspeaker(BaseOutputTransport):
    """Takes sound no faster than it is played, and notes when utterances begin."""

    def __init__(self) -> None:
        super().__init__(TransportParams(audio_out_enabled=True))
        self.starts_s: list[float] = []
        self.quiet = asyncio.Event()
        self._began = asyncio.Event()
        self._played_until_s = 0.0

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def push_frame(self, frame: Any, direction: Any = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, BotStoppedSpeakingFrame):
            self.quiet.set()
        await super().push_frame(frame, direction)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        now_s = time.time()
        if now_s > self._played_until_s + NEW_UTTERANCE_S:
            self.starts_s.append(now_s)
            self._began.set()
        self.quiet.clear()
        self._played_until_s = max(now_s, self._played_until_s) + len(frame.audio) / 2 / frame.sample_rate
        await asyncio.sleep(self._played_until_s - now_s)
        return True

    async def start_after(self, at_s: float, *, within_s: float) -> float | None:
        """When the first utterance after that moment began."""
        try:
            async with asyncio.timeout(within_s):
                while (start_s := next((s for s in self.starts_s if s > at_s), None)) is None:
                    self._began.clear()
                    await self._began.wait()
                return start_s
        except TimeoutError:
            return None


class Conversation:
    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self.recogniser = Recogniser(job["whisper"], job["threads"])
        self.microphone, self.loudspeaker = Microphone(), Loudspeaker()
        self._spent: list[tuple[float, dict[str, float]]] = []
        self._worker = PipelineWorker(
            self._pipeline(),
            params=PipelineParams(enable_metrics=True, enable_usage_metrics=True),
            observers=[self._observer()],
            idle_timeout_secs=None,
        )

    def _pipeline(self) -> Pipeline:
        voice = Path(self._job["voice"])
        users, assistants = LLMContextAggregatorPair(
            LLMContext(), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
        )
        model = OpenAILLMService(
            api_key=self._job["api_key"],
            base_url=self._job["base_url"],
            settings=OpenAILLMService.Settings(
                model="embedded",
                system_instruction=self._job["instructions"],
                temperature=0.0,
                max_tokens=64,
            ),
        )
        tts = PiperTTSService(download_dir=voice.parent, settings=PiperTTSService.Settings(voice=voice.stem))
        return Pipeline([self.microphone, self.recogniser, users, model, tts, self.loudspeaker, assistants])

    def _observer(self) -> UserBotLatencyObserver:
        observer = UserBotLatencyObserver()

        @observer.event_handler("on_latency_breakdown")
        async def note(_: Any, breakdown: LatencyBreakdown) -> None:
            spent: dict[str, float] = {}
            for part in breakdown.contributions:
                if name := STEPS.get(part.key):
                    spent[name] = round(spent.get(name, 0.0) + part.duration_secs, 3)
            self._spent.append((time.time(), spent))

        return observer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        task = asyncio.create_task(runner.run())
        try:
            await self.microphone.opened.wait()
            yield
        finally:
            await runner.cancel()
            await task

    async def ask(self) -> None:
        await self._worker.queue_frames([TTSSpeakFrame(self._job["question"])])
        if await self.loudspeaker.start_after(0.0, within_s=self._job["give_up_s"]) is None:
            raise RuntimeError("the first question was not spoken")
        await self.loudspeaker.quiet.wait()

    async def reply_to(self, answer: dict[str, Any]) -> dict[str, Any]:
        """What followed this answer, once the reply to it has been spoken."""
        await asyncio.sleep(self._job["think_s"])
        pcm = answer["pcm"]
        await self.microphone.say(pcm)
        began_s = time.time() - len(pcm) / 2 / RATE_HZ
        last_s = began_s + answer["voiced_s"]
        first_s = await self.loudspeaker.start_after(last_s, within_s=self._job["give_up_s"])
        if first_s is not None:
            await self.loudspeaker.quiet.wait()
        after_s = None if first_s is None else round(first_s - last_s, 3)
        spent = next((spent for at_s, spent in self._spent if at_s > last_s), {})
        if after_s is not None:
            spent |= {REST: round(after_s - sum(spent.values()), 3)}
        return {
            "answer_s": answer["length_s"],
            "first_sound_s": after_s,
            "first_content_s": after_s,
            "spent_s": spent,
            "cut_ins": sum(began_s < at_s < last_s for at_s in self.loudspeaker.starts_s),
        }


def tell(event: str, **more: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **more}) + "\n")
    sys.stdout.flush()


async def converse(job: dict[str, Any]) -> None:
    conversation = Conversation(job)
    async with conversation.running():
        tell("ready")
        await asyncio.to_thread(sys.stdin.readline)
        await conversation.ask()
        for answer in job["answers"]:
            tell("replied", delay=await conversation.reply_to(answer))
    tell("over")
    tell("recognised", processor_s=conversation.recogniser.whisper.replayed_s())


def main() -> None:
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    job = json.loads(sys.stdin.readline())
    for answer in job["answers"]:
        answer["pcm"] = Path(answer["file"]).read_bytes()
    asyncio.run(converse(job))


if __name__ == "__main__":
    main()
