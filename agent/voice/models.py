"""The speech models of this process."""

from dataclasses import dataclass

from agent.models.store import Store
from agent.settings import Settings
from agent.voice.piper import Piper, shared_piper
from agent.voice.whisper import Whisper, shared_whisper, threads_for


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
    return SpeechModels(
        whisper=shared_whisper(store.path(settings.stt_model), threads=threads),
        piper=shared_piper(store.path(settings.tts_model), threads=threads),
    )
