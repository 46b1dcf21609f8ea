"""The pipecat side of the latency bench: `pipecat_program.py` in an environment of its own, and what it answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.benches.meter import Meter
from agent.benches.peers.installing import environment_of
from agent.benches.peers.talking import Over, Ready, Recognised, Replied, started
from agent.benches.spoken import THINK_S, Answer, Delay
from agent.benches.stock import GIVE_UP_S, INSTRUCTIONS, QUESTION
from agent.language_server import Lease
from agent.models.store import Store
from agent.settings import Settings
from agent.voice.whisper import threads_for

_PROGRAM = Path(__file__).with_name("pipecat_program.py")
_LOAD_S = 120.0
_REPLY_S = GIVE_UP_S + 60.0
"""From the end of an answer to the end of the reply, the first question included."""


async def pipecat_conversation(
    settings: Settings, given: Sequence[Answer], lease: Lease
) -> tuple[list[Delay], Meter, float]:
    """As the stock conversation; with what was metered, and the processor time of recognition."""
    command: list[str | Path] = [environment_of("pipecat", settings), "-I", _PROGRAM]
    async with started("pipecat", command, settings.data_dir) as peer:
        await peer.tell(_job(settings, given, lease))
        await peer.hear(Ready, within_s=_LOAD_S)
        with Meter(peer.pid, lease.pid) as meter:
            await peer.tell()
            replied = [await peer.hear(Replied, within_s=a.length_s * 1.5 + _REPLY_S) for a in given]
            await peer.hear(Over, within_s=_LOAD_S)
        most_s = 10 * sum(answer.length_s for answer in given) + _LOAD_S
        recognised = await peer.hear(Recognised, within_s=most_s)
    return [line.delay for line in replied], meter, recognised.processor_s


def _job(settings: Settings, given: Sequence[Answer], lease: Lease) -> dict[str, Any]:
    store = Store(settings)
    return {
        "whisper": str(store.path(settings.stt_model)),
        "voice": str(store.path(settings.tts_model)),
        "threads": threads_for(settings.threads),
        "base_url": lease.base_url,
        "api_key": lease.api_key,
        "instructions": INSTRUCTIONS,
        "question": QUESTION,
        "think_s": THINK_S,
        "give_up_s": GIVE_UP_S,
        "answers": [
            {"file": str(_kept(answer, settings.data_dir / f"{number}.pcm")), "length_s": answer.length_s}
            | {"voiced_s": answer.voiced_s}
            for number, answer in enumerate(given)
        ],
    }


def _kept(answer: Answer, file: Path) -> Path:
    file.write_bytes(answer.pcm.tobytes())
    return file
