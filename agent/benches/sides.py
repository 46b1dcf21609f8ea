"""The sides of the latency bench. Each is run in a process of its own, so that neither warms up the other."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict

from agent.benches.meter import Cost, Meter, replayed_s
from agent.benches.peers.pipecat import pipecat_conversation
from agent.benches.spoken import Answer, Delay, answers_of, interviewed, yes_of
from agent.benches.stock import PlainWhisper, stock_conversation
from agent.language_server import Lease, ensure_server
from agent.models.store import Store
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.holding import Studio
from agent.voice.models import SpeechModels
from agent.voice.piper import Piper, shared_piper
from agent.voice.terminal import keep_logs_quiet
from agent.voice.whisper import Whisper, threads_for
from agent.voice.words import Word
from agent.wiring import open_workplace

_APART_S = 7.0
SideName = Literal["soundcheck", "livekit-agents", "pipecat"]


class Side(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    delays: list[Delay]
    cost: Cost


class MeteredWhisper(Whisper):
    """Keeps what it was given, so that its cost can be measured afterwards with nothing beside it."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        super().__init__(folder, threads=threads)
        self.heard: list[tuple[Any, ...]] = []

    def read(self, *arguments: Any) -> list[Word]:
        self.heard.append(arguments)
        return super().read(*arguments)


def run_side(name: SideName, settings: Settings, lengths_s: Sequence[float]) -> Side:
    """Blocks until answers of these lengths have been given and replied to. Data is kept in a folder that goes."""
    keep_logs_quiet(settings)
    side = {"soundcheck": _soundcheck, "livekit-agents": _stock, "pipecat": _pipecat}[name]
    with tempfile.TemporaryDirectory(prefix="soundcheck-bench-") as folder, ensure_server(settings) as lease:
        ours = settings.model_copy(update={"data_dir": Path(folder)})
        return asyncio.run(side(ours, lengths_s, lease))


async def _soundcheck(settings: Settings, lengths_s: Sequence[float], lease: Lease) -> Side:
    async with metered_studio(settings) as (studio, whisper):
        given, yes = await _said_by(studio.speech.piper, lengths_s)
        with Meter(os.getpid(), lease.pid) as meter:
            delays = await interviewed(studio, yes, given)
        cost = meter.cost(replayed_s(whisper.read, list(whisper.heard)), _length_s(given))
        return Side(delays=delays, cost=cost)


@asynccontextmanager
async def metered_studio(settings: Settings) -> AsyncIterator[tuple[Studio, MeteredWhisper]]:
    """A place to speak in, warm, whose recogniser remembers what it heard."""
    store, threads = Store(settings), threads_for(settings.threads)
    whisper = MeteredWhisper(store.path(settings.stt_model), threads=threads)
    async with open_workplace(settings) as workplace:
        await workplace.warm_up()
        yield Studio(workplace, SpeechModels(whisper, _piper(store, settings))), whisper


async def _said_by(piper: Piper, lengths_s: Sequence[float]) -> tuple[list[Answer], Answer]:
    voice = CandidateVoice(piper)
    return await answers_of(voice, lengths_s), await yes_of(voice)


async def _stock(settings: Settings, lengths_s: Sequence[float], lease: Lease) -> Side:
    store, threads = Store(settings), threads_for(settings.threads)
    whisper = PlainWhisper(store.path(settings.stt_model), threads=threads)
    piper = _piper(store, settings)
    given, _ = await _said_by(piper, lengths_s)
    async with AsyncOpenAI(base_url=lease.base_url, api_key=lease.api_key) as client:
        with Meter(os.getpid(), lease.pid) as meter:
            delays = await stock_conversation(whisper, piper, client, given)
    heard = [(pcm,) for pcm in whisper.heard]
    return Side(delays=delays, cost=meter.cost(replayed_s(whisper.read, heard), _length_s(given)))


async def _pipecat(settings: Settings, lengths_s: Sequence[float], lease: Lease) -> Side:
    given, _ = await _said_by(_piper(Store(settings), settings), lengths_s)
    delays, meter, recognition_s = await pipecat_conversation(settings, given, lease)
    return Side(delays=delays, cost=meter.cost(recognition_s, _length_s(given)))


def _piper(store: Store, settings: Settings) -> Piper:
    return shared_piper(store.path(settings.tts_model), threads=threads_for(settings.threads))


def _length_s(given: Sequence[Answer]) -> float:
    return sum(answer.voiced_s for answer in given)


def run_crowd(settings: Settings, lengths_s: Sequence[float], sessions: int) -> Side:
    """As `run_side`, with so many interviews at the same time; they begin some seconds apart, as people do."""
    keep_logs_quiet(settings)
    with tempfile.TemporaryDirectory(prefix="soundcheck-bench-") as folder, ensure_server(settings) as lease:
        ours = settings.model_copy(update={"data_dir": Path(folder)})
        return asyncio.run(_crowd(ours, lengths_s, sessions, lease))


async def _crowd(settings: Settings, lengths_s: Sequence[float], sessions: int, lease: Lease) -> Side:
    async with metered_studio(settings) as (studio, whisper):
        given, yes = await _said_by(studio.speech.piper, lengths_s)

        async def later(number: int) -> list[Delay]:
            await asyncio.sleep(number * _APART_S)
            return await interviewed(studio, yes, given)

        with Meter(os.getpid(), lease.pid) as meter:
            delays = [d for ds in await asyncio.gather(*map(later, range(sessions))) for d in ds]
        cost = meter.cost(replayed_s(whisper.read, list(whisper.heard)), sessions * _length_s(given))
        return Side(delays=delays, cost=cost)
