"""Piper for livekit-agents: text in, the interviewer's voice out, sentence by sentence."""

from livekit.agents import APIConnectOptions, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS

from agent.voice.piper import Piper
from agent.voice.speakable import speakable


class PiperTTS(tts.TTS[str]):
    """One of these a session; the voice behind it is shared."""

    def __init__(self, voice: Piper, *, pace: float = 1.0, volume: float = 1.0) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False), sample_rate=voice.rate_hz, num_channels=1
        )
        self.voice = voice
        self.pace = pace
        self.volume = volume

    @property
    def model(self) -> str:
        return "piper"

    @property
    def provider(self) -> str:
        return "piper"

    async def prepare(self, text: str) -> None:
        """Have the beginning of `text` ready for when it is said."""
        await self.voice.prepare(speakable(text), pace=self.pace, volume=self.volume)

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> "PiperStream":
        return PiperStream(self, text, conn_options)


class PiperStream(tts.ChunkedStream):
    def __init__(self, owner: PiperTTS, text: str, conn_options: APIConnectOptions) -> None:
        super().__init__(tts=owner, input_text=text, conn_options=conn_options)
        self._owner = owner

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        output_emitter.initialize(
            request_id=utils.shortuuid(),
            sample_rate=self._owner.sample_rate,
            num_channels=1,
            mime_type="audio/pcm",
        )
        said = speakable(self._input_text)
        async for sound in self._owner.voice.speak(said, pace=self._owner.pace, volume=self._owner.volume):
            output_emitter.push(sound.tobytes())
        output_emitter.flush()
