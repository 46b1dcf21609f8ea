"""What this machine lacks, and the command that mends it.

A lack of something needed is `missing`; of something only one feature needs, `optional`.
"""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict

from agent.errors import LiveKitError, ModelsError
from agent.models.store import Store
from agent.sessions import LEAST_FREE_BYTES
from agent.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.loader import load_content

ROOM_PORT = 8137
LIVEKIT_SERVER = "go install github.com/livekit/livekit-server/cmd/server@v1.13.5"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Finding(BaseModel):
    """`mend` is a command or a sentence, and empty where all is well."""

    model_config = ConfigDict(frozen=True)

    name: str
    status: Literal["ok", "optional", "missing"]
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that an interview needs. Loads no model and changes nothing."""
    checks: list[Callable[[Settings], Finding]] = [
        _python,
        _models,
        _content,
        _disk,
        _language,
        _audio,
        _port,
        _editor,
        _browser,
        _livekit,
    ]
    return [check(settings) for check in checks]


def _python(settings: Settings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(name="python", status="ok", detail=version)


def _models(settings: Settings) -> Finding:
    store = Store(settings)
    names = [settings.stt_model, settings.tts_model, settings.embedding_model]
    if not settings.openai_base_url:
        names.append(settings.language_model)
    lacking = []
    for name in names:
        try:
            store.path(name)
        except ModelsError:
            lacking.append(name)
    if lacking:
        mend = "soundcheck models pull " + " ".join(lacking)
        return Finding(name="models", status="missing", detail="not here: " + ", ".join(lacking), mend=mend)
    return Finding(name="models", status="ok", detail=f"{', '.join(names)} in {settings.models_dir}")


def _content(settings: Settings) -> Finding:
    try:
        content = load_content(settings.guide)
    except KnowledgeError as error:
        return Finding(
            name="content", status="missing", detail=str(error).splitlines()[0], mend="soundcheck validate"
        )
    questions = sum(len(bank.questions) for bank in content.banks.values())
    return Finding(name="content", status="ok", detail=f"{len(content.topics)} topics, {questions} questions")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free_bytes = shutil.disk_usage(folder).free
    detail = f"{free_bytes >> 20} MiB free at {settings.data_dir}"
    if not os.access(folder, os.W_OK):
        mend = f"chmod u+w {folder}, or set SOUNDCHECK_DATA_DIR to a folder you can write"
        return Finding(name="disk", status="missing", detail=f"{folder} cannot be written", mend=mend)
    if free_bytes < LEAST_FREE_BYTES:
        mend = "free some space (soundcheck sessions list, then delete), or set SOUNDCHECK_DATA_DIR"
        return Finding(name="disk", status="missing", detail=detail, mend=mend)
    return Finding(name="disk", status="ok", detail=detail)


def _language(settings: Settings) -> Finding:
    if not settings.openai_base_url:
        return Finding(name="language", status="ok", detail="the embedded server, started on demand")
    address = settings.openai_base_url.rstrip("/") + "/models"
    key = settings.openai_api_key.get_secret_value()
    try:
        reply = httpx.get(address, headers={"Authorization": f"Bearer {key}"}, timeout=5)
        reply.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        mend = "start that server, correct SOUNDCHECK_OPENAI_BASE_URL or SOUNDCHECK_OPENAI_API_KEY, or unset them"
        return Finding(name="language", status="missing", detail=f"{address}: {error}", mend=mend)
    return Finding(name="language", status="ok", detail=settings.openai_base_url)


def _audio(settings: Settings) -> Finding:
    needed_for = "only `soundcheck talk` needs it"
    try:
        import sounddevice
    except OSError:
        return Finding(
            name="audio",
            status="optional",
            detail=f"the PortAudio library is not here; {needed_for}",
            mend="sudo apt install libportaudio2",
        )
    devices = sounddevice.query_devices()
    ears = [d["name"] for d in devices if d["max_input_channels"] > 0]
    mouths = [d["name"] for d in devices if d["max_output_channels"] > 0]
    if not ears or not mouths:
        lack = "microphone" if not ears else "loudspeaker"
        return Finding(
            name="audio",
            status="optional",
            detail=f"no {lack}; {needed_for}",
            mend=f"connect a {lack}, or use `soundcheck type`",
        )
    return Finding(name="audio", status="ok", detail=f"{len(ears)} microphones, {len(mouths)} loudspeakers")


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", ROOM_PORT))
        except OSError:
            mend = f"stop what listens there: ss -ltnp sport = :{ROOM_PORT}"
            return Finding(name="port", status="optional", detail=f"{ROOM_PORT} is in use", mend=mend)
    return Finding(name="port", status="ok", detail=f"{ROOM_PORT} is free")


def _editor(settings: Settings) -> Finding:
    if Store(settings).state("editor") != "ready":
        detail = "the code pad's editor is not here; a plain text field stands in for it"
        return Finding(name="editor", status="optional", detail=detail, mend="soundcheck models pull editor")
    return Finding(name="editor", status="ok", detail="CodeMirror, for the code pad")


def _browser(settings: Settings) -> Finding:
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if found is None:
        detail = "no Chromium; only the browser tests need it"
        return Finding(name="browser", status="optional", detail=detail, mend="sudo apt install chromium")
    return Finding(name="browser", status="ok", detail=found)


def _livekit(settings: Settings) -> Finding:
    if settings.livekit_url is None:
        detail = "no server is set; only interviews over a LiveKit server need one"
        mend = "set SOUNDCHECK_LIVEKIT_URL, _KEY and _SECRET; a server of your own: " + LIVEKIT_SERVER
        return Finding(name="livekit", status="optional", detail=detail, mend=mend)
    from agent.worker.access import access_of, check

    try:
        asyncio.run(check(access_of(settings)))
    except LiveKitError as error:
        detail, _, mend = str(error).partition(": ")
        return Finding(name="livekit", status="missing", detail=detail, mend=mend)
    return Finding(name="livekit", status="ok", detail=settings.livekit_url)
