"""The speech models of this process."""

import threading
from contextlib import suppress
from dataclasses import dataclass

from agent.errors import ModelsError
from agent.memory import return_freed_memory
from agent.models.store import Store
from agent.settings import Settings
from agent.voice.piper import Piper, shared_piper
from agent.voice.whisper import Whisper, shared_whisper, threads_for

_loading = threading.Lock()


@dataclass(frozen=True)
class SpeechModels:
    """Shared by all sessions of this process."""

    whisper: Whisper
    piper: Piper


def load_speech_models(settings: Settings) -> SpeechModels:
    """Loads them the first time, which takes seconds: call it in a thread where a loop is running.

    Raises ModelsError with the command that mends it.
    """
    store = Store(settings)
    threads = threads_for(settings.threads)
    return_freed_memory()
    with _loading:
        return SpeechModels(
            whisper=shared_whisper(store.path(settings.stt_model), threads=threads),
            piper=shared_piper(store.path(settings.tts_model), threads=threads),
        )


def preload_speech_models(settings: Settings) -> None:
    """Begin to load them in a thread, while this program's modules are still being read; nobody waits for it.

    What goes wrong is told to whoever calls `load_speech_models` next.
    """

    def load() -> None:
        with suppress(ModelsError):
            load_speech_models(settings)

    threading.Thread(target=load, name="speech-models", daemon=True).start()
