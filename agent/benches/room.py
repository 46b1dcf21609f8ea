"""Does the room keep up: time until its page is there, captions behind the voice, memory over a long session.

`soundcheck serve` runs in a process of its own and is spoken to as a page would.
"""

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from pydantic import BaseModel, ConfigDict

from agent.benches.page import HeadlessPage, Noted, Saying
from agent.errors import SoundcheckError
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.latency import Step, step_of
from agent.voice.models import SpeechModels, load_speech_models
from graphs.manner import Manner, Spoken

CAPTION_BAR_S = 1.5
PAGE_BAR_S = 2.0
GIVE_UP_S = 60.0
_READY = "Yes, I am ready."
_ANSWER = (
    "At my last company the ranking service was too slow, and nobody owned it. I profiled it for a week, moved the "
    "features into a cache that the whole group could use, and cut the latency by sixty percent. Three other teams "
    "took it over within a quarter, and I wrote the guide that they still follow."
)
_SETTLED_AFTER_S = 300.0
"""Models, the index, the grader and the first answers' work are in memory by then."""


class RoomReport(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    page_s: float
    """From the start of the process to its start page."""
    captions: Step | None
    """Of each word: from its last sound to its caption."""
    captions_in_time: float | None
    """The share of words within the bar."""
    replies_early: Step | None
    replies_late: Step | None
    """From an answer's last sound to the interviewer's first, in the first and in the second half."""
    settled_mib: float | None
    """None where the talk was too short to say anything about growth."""
    end_mib: float
    minutes: float


@dataclass
class _Server:
    address: str
    page_s: float
    process: psutil.Process

    @property
    def mib(self) -> float:
        return float(self.process.memory_info().rss) / (1 << 20)


async def bench_room(
    settings: Settings, minutes: float, *, progress: Callable[[str], None] = lambda text: None
) -> RoomReport:
    """Raises SoundcheckError where the room does not open."""
    progress("making the answer")
    first, then = await _sayings(await asyncio.to_thread(load_speech_models, settings))
    memory: list[tuple[float, float]] = []
    async with _serving() as server:
        page = HeadlessPage(server.address, first, then)

        async def watch() -> None:
            began = time.monotonic()
            while True:
                memory.append((time.monotonic() - began, server.mib))
                progress(f"talking, {memory[-1][0]:.0f} s, {server.mib:.0f} MiB")
                await asyncio.sleep(5)

        watching = asyncio.create_task(watch())
        try:
            lasted_s = await page.converse({"loop": "full"}, 60 * minutes)
        finally:
            watching.cancel()
        return _report(server.page_s, page.noted, memory, round(lasted_s / 60, 1))


def _report(page_s: float, noted: Noted, memory: Sequence[tuple[float, float]], minutes: float) -> RoomReport:
    lags = noted.caption_lags_s
    early = [wait for at, wait in noted.replies_s if at < 30 * minutes]
    late = [wait for at, wait in noted.replies_s if at >= 30 * minutes]
    long = memory[-1][0] >= 2 * _SETTLED_AFTER_S
    return RoomReport(
        page_s=round(page_s, 2),
        captions=step_of(lags) if lags else None,
        captions_in_time=round(sum(lag <= CAPTION_BAR_S for lag in lags) / len(lags), 3) if lags else None,
        replies_early=step_of(early) if early else None,
        replies_late=step_of(late) if late else None,
        settled_mib=next(round(mib, 1) for at, mib in memory if at >= _SETTLED_AFTER_S) if long else None,
        end_mib=round(memory[-1][1], 1),
        minutes=minutes,
    )


async def _sayings(models: SpeechModels) -> tuple[Saying, Saying]:
    voice = CandidateVoice(models.piper)
    said = []
    for text in (_READY, _ANSWER):
        pcm = await voice.render(Spoken(text, Manner(), 0.0))
        said.append(Saying(pcm, await models.whisper.transcribe(pcm)))
    return said[0], said[1]


@asynccontextmanager
async def _serving() -> AsyncIterator[_Server]:
    with tempfile.TemporaryDirectory(prefix="soundcheck-bench-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("soundcheck"), "serve", "--port", str(port)),
            env={**os.environ, "SOUNDCHECK_DATA_DIR": folder},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            address = f"http://localhost:{port}"
            await _answers(address, process)
            yield _Server(address, time.monotonic() - began, psutil.Process(process.pid))
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
                await process.wait()


async def _answers(address: str, process: asyncio.subprocess.Process) -> None:
    began = time.monotonic()
    navigation = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
    async with httpx.AsyncClient(base_url=address, headers=navigation) as client:
        while True:
            try:
                (await client.get("/")).raise_for_status()
                return
            except httpx.TransportError as error:
                if process.returncode is not None or time.monotonic() - began > GIVE_UP_S:
                    raise SoundcheckError(
                        "the room does not open: try `soundcheck serve`, it says why"
                    ) from error
                await asyncio.sleep(0.02)
