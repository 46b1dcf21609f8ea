"""The microphone and the loudspeaker of this computer, through PortAudio."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import soxr

from agent.errors import AudioError
from agent.voice.lines import FRAME_S, Ears, Mouth, Witness
from agent.voice.pcm import RATE_HZ, Pcm, silence
from agent.voice.playout import Playout
from agent.voice.timeline import Timeline

_HEAD_START_S = 0.08
_ECHO_S = 0.3
_LOST_S = 0.05

Kind = Literal["input", "output"]


@dataclass(frozen=True)
class Device:
    number: int
    name: str
    inputs: int
    outputs: int
    default_input: bool
    default_output: bool


@dataclass
class SoundCard:
    """Devices for `converse`. `input` and `output` are a number or a part of a name; None is the system's choice.

    Without headphones the microphone is deaf while the interviewer speaks: it would hear the loudspeaker, and the
    interviewer would interrupt itself. `on_failure` hears of a device that goes away.
    """

    input: str | None = None
    output: str | None = None
    headphones: bool = False
    on_failure: Callable[[BaseException], None] = lambda error: None

    def check(self) -> None:
        """Raises AudioError where the devices cannot be used; opens nothing."""
        port = _portaudio()
        _find(port, "output", self.output)
        _find(port, "input", self.input)

    def __call__(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        port = _portaudio()
        speaker, microphone = _find(port, "output", self.output), _find(port, "input", self.input)
        mouth = SoundCardMouth(timeline, witness, speaker)
        ears = SoundCardEars(
            timeline,
            witness,
            microphone,
            deaf=lambda: not self.headphones and mouth.audible,
            on_failure=self.on_failure,
        )
        speaker.start(mouth.fill)
        try:
            microphone.start(ears.on_sound, ears.on_end)
        except AudioError:
            speaker.close()
            raise
        return ears, mouth


def devices() -> list[Device]:
    """What PortAudio finds on this computer."""
    port = _portaudio()
    default_input, default_output = port.default.device
    return [
        Device(
            number=number,
            name=str(found["name"]),
            inputs=int(found["max_input_channels"]),
            outputs=int(found["max_output_channels"]),
            default_input=number == default_input,
            default_output=number == default_output,
        )
        for number, found in enumerate(port.query_devices())
    ]


def _portaudio() -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise AudioError(
            "the PortAudio library is missing, which opens microphones and loudspeakers:\n"
            "  apt install libportaudio2     (Debian, Ubuntu; on macOS and Windows it comes along)\n"
            "or use the room in the browser: make run"
        ) from error
    return sounddevice


def _find(port: Any, kind: Kind, choice: str | None) -> "_Stream":
    """At the rate we would like, else at the device's own."""
    device = int(choice) if choice is not None and choice.isdigit() else choice
    wanted_hz = RATE_HZ if kind == "input" else 48_000
    try:
        found = port.query_devices(device, kind)
        for rate_hz in (wanted_hz, round(found["default_samplerate"])):
            if _accepts(port, kind, device, rate_hz):
                return _Stream(port, kind, device, rate_hz)
    except (ValueError, port.PortAudioError) as error:
        why = str(error) if choice else "PortAudio finds none on this computer"
        raise _unusable(kind, choice, why) from error
    raise _unusable(kind, choice, f"{found['name']} takes no 16-bit mono sound")


def _accepts(port: Any, kind: Kind, device: int | str | None, rate_hz: int) -> bool:
    check = port.check_input_settings if kind == "input" else port.check_output_settings
    try:
        check(device=device, channels=1, dtype="int16", samplerate=rate_hz)
    except port.PortAudioError:
        return False
    return True


def _unusable(kind: Kind, choice: str | None, why: str) -> AudioError:
    what = "microphone" if kind == "input" else "loudspeaker"
    return AudioError(
        f"no usable {what}{f' {choice!r}' if choice else ''}: {why}\n"
        f"  soundcheck talk --devices lists what there is; choose with --{kind} NUMBER"
    )


class _Stream:
    """A PortAudio stream to be: knows its device and rate, and opens when it is given its callback."""

    def __init__(self, port: Any, kind: Kind, device: int | str | None, rate_hz: int) -> None:
        self._port = port
        self._kind: Kind = kind
        self._device = device
        self.rate_hz = rate_hz
        self._stream: Any = None

    def start(self, callback: Callable[..., None], finished: Callable[[], None] = lambda: None) -> None:
        make = self._port.RawInputStream if self._kind == "input" else self._port.RawOutputStream
        try:
            self._stream = make(
                samplerate=self.rate_hz,
                blocksize=round(FRAME_S * self.rate_hz),
                device=self._device,
                channels=1,
                dtype="int16",
                callback=callback,
                finished_callback=finished,
            )
            self._stream.start()
        except self._port.PortAudioError as error:
            raise _unusable(self._kind, None, str(error)) from error

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


class SoundCardEars(Ears):
    def __init__(
        self,
        timeline: Timeline,
        witness: Witness,
        stream: _Stream,
        *,
        deaf: Callable[[], bool],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        super().__init__(timeline, witness, label="microphone")
        self._stream = stream
        self._deaf = deaf
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[Pcm] = asyncio.Queue()
        self._resampler = soxr.ResampleStream(stream.rate_hz, RATE_HZ, 1, dtype="int16")
        self._next_at_s: float | None = None
        self._closed = False

    async def read(self) -> Pcm:
        pcm = await self._heard.get()
        return silence(len(pcm) / RATE_HZ) if self._deaf() else pcm

    async def aclose(self) -> None:
        self._closed = True
        await asyncio.to_thread(self._stream.close)

    def on_sound(self, data: Any, frames: int, time: Any, status: Any) -> None:
        """In PortAudio's own thread."""
        at_s = float(time.inputBufferAdcTime)
        lost_s = at_s - self._next_at_s if self._next_at_s is not None else 0.0
        self._next_at_s = at_s + frames / self._stream.rate_hz
        pcm = np.asarray(
            self._resampler.resample_chunk(np.frombuffer(bytes(data), dtype=np.int16)), dtype=np.int16
        )
        if _LOST_S < lost_s < 60.0:
            pcm = np.concatenate([silence(lost_s), pcm])
        self._loop.call_soon_threadsafe(self._heard.put_nowait, pcm)

    def on_end(self) -> None:
        if not self._closed:
            gone = AudioError("the microphone is gone: plug it in, then resume the session")
            self._loop.call_soon_threadsafe(self._on_failure, gone)


class SoundCardMouth(Mouth):
    def __init__(self, timeline: Timeline, witness: Witness, stream: _Stream) -> None:
        super().__init__(timeline, witness, label="loudspeaker")
        self._stream = stream
        self._waiting = bytearray()
        self._lock = threading.Lock()
        self._playout = Playout(stream.rate_hz, head_start_s=_HEAD_START_S)

    @property
    def audible(self) -> bool:
        """Whether the microphone could hear it."""
        return self.timeline.now_s() < self._playout.until_s + _ECHO_S

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        sound = self._playout.add(pcm, rate_hz, at_s=self.timeline.now_s())
        with self._lock:
            self._waiting += sound.tobytes()

    def clear_buffer(self) -> None:
        with self._lock:
            self._waiting.clear()
        super().clear_buffer()

    async def aclose(self) -> None:
        await super().aclose()
        await asyncio.to_thread(self._stream.close)

    def fill(self, data: Any, frames: int, time: Any, status: Any) -> None:
        """In PortAudio's own thread."""
        with self._lock:
            sound = bytes(self._waiting[: len(data)])
            del self._waiting[: len(data)]
        data[: len(sound)] = sound
        data[len(sound) :] = bytes(len(data) - len(sound))
