"""How long it takes from a command to the interviewer's first word.

The first word is looked for in the recording, which reaches the disk once a second. What it holds beyond the first word
was played after it, so that much is taken off again.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from agent.errors import SoundcheckError
from agent.language_server import ensure_server
from agent.settings import Settings
from agent.voice.pcm import RATE_HZ

HEADER_BYTES = 44
AUDIBLE = 200
"""Of 32,767: louder than the rounding of silence."""
GIVE_UP_S = 120.0


class Start(BaseModel):
    """One start, in seconds since the process was begun."""

    model_config = ConfigDict(frozen=True)

    first_word_s: float
    server_was_running: bool


async def time_starts(settings: Settings, runs: int) -> list[Start]:
    """`runs` starts while the language model server is down, then as many while it is up."""
    starts = []
    for _ in range(runs):
        await asyncio.to_thread(_server_is_gone, settings)
        starts.append(await _time_start(server_was_running=False))
    with ensure_server(settings):
        starts += [await _time_start(server_was_running=True) for _ in range(runs)]
    return starts


def _server_is_gone(settings: Settings) -> None:
    with ensure_server(settings) as lease:
        pid = lease.pid
    began = time.monotonic()
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() - began > GIVE_UP_S:
            raise SoundcheckError("the language model server is in use: close other interviews first")
        time.sleep(0.1)


async def _time_start(*, server_was_running: bool) -> Start:
    """Start a spoken interview with a simulated candidate, wait for the first word, and leave.

    Raises SoundcheckError where no word comes.
    """
    folder = Path(tempfile.mkdtemp(prefix="soundcheck-bench-"))
    environment = {**os.environ, "SOUNDCHECK_DATA_DIR": str(folder / "data")}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("soundcheck"), "demo", "--questions", "1", "--out", folder / "out"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        while (spoken_for_s := _spoken_for_s(folder)) is None:
            waited_s = time.monotonic() - began
            if process.returncode is not None or waited_s > GIVE_UP_S:
                raise SoundcheckError(
                    f"no word was heard in {waited_s:.0f} s: try `soundcheck demo`, it says why"
                )
            await asyncio.sleep(0.02)
        return Start(
            first_word_s=time.monotonic() - began - spoken_for_s, server_was_running=server_was_running
        )
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()
        shutil.rmtree(folder)


def _spoken_for_s(folder: Path) -> float | None:
    """Seconds from the first audible sample to the end of the recording; None before the first word."""
    for wav in folder.glob("data/sessions/*/interviewer.wav"):
        sound = wav.read_bytes()[HEADER_BYTES:]
        samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(np.int32)
        audible = np.flatnonzero(np.abs(samples) > AUDIBLE)
        if len(audible):
            return float(len(samples) - audible[0]) / RATE_HZ
    return None
