"""The sound card, with a PortAudio that is played by the test."""

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from livekit import rtc

from agent.errors import AudioError
from agent.voice import soundcard
from agent.voice.lines import Played
from agent.voice.pcm import Pcm
from agent.voice.soundcard import SoundCard, SoundCardEars, SoundCardMouth, devices
from agent.voice.timeline import Timeline

FRAME = 320


class Nobody:
    def candidate_sound(self, pcm: Pcm, at_s: float) -> None: ...
    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None: ...
    def utterance_started(self, turn: str, at_s: float) -> None: ...
    def utterance_ended(self, played: Played) -> None: ...


class FakePortAudio:
    """A headset with a microphone that is only ever heard when the test says so."""

    class PortAudioError(Exception):
        pass

    default = SimpleNamespace(device=(0, 0))

    def __init__(self, *, rate_hz: int = 48_000) -> None:
        self.rate_hz = rate_hz
        self.streams: dict[str, Any] = {}

    def query_devices(self, device: int | str | None = None, kind: str | None = None) -> Any:
        headset = {
            "name": "Headset",
            "max_input_channels": 1,
            "max_output_channels": 2,
            "default_samplerate": float(self.rate_hz),
        }
        if kind is None:
            return [headset]
        if device not in (None, 0, "Headset"):
            raise ValueError(f"No {kind} device matching {device!r}")
        return headset

    def check_input_settings(self, **wanted: Any) -> None:
        if wanted["samplerate"] != self.rate_hz:
            raise self.PortAudioError("Invalid sample rate")

    check_output_settings = check_input_settings

    def RawInputStream(self, **options: Any) -> Any:
        return self._stream("input", options)

    def RawOutputStream(self, **options: Any) -> Any:
        return self._stream("output", options)

    def _stream(self, kind: str, options: dict[str, Any]) -> Any:
        self.streams[kind] = SimpleNamespace(**options, start=lambda: None, close=lambda: None)
        return self.streams[kind]

    def hear(self, pcm: Pcm, at_s: float) -> None:
        time = SimpleNamespace(inputBufferAdcTime=at_s)
        self.streams["input"].callback(pcm.tobytes(), len(pcm), time, None)

    def play(self, samples: int) -> Pcm:
        data = bytearray(2 * samples)
        self.streams["output"].callback(data, samples, None, None)
        return np.frombuffer(bytes(data), dtype=np.int16)


def plugged_in(monkeypatch: pytest.MonkeyPatch, port: FakePortAudio) -> FakePortAudio:
    monkeypatch.setattr(soundcard, "_portaudio", lambda: port)
    return port


def opened(card: SoundCard) -> tuple[SoundCardEars, SoundCardMouth]:
    ears, mouth = card(Timeline(), Nobody())
    assert isinstance(ears, SoundCardEars)
    assert isinstance(mouth, SoundCardMouth)
    return ears, mouth


def loud(samples: int, rate_hz: int) -> Pcm:
    return (8000 * np.sin(2 * np.pi * 300 * np.arange(samples) / rate_hz)).astype(np.int16)


async def speak(mouth: SoundCardMouth) -> None:
    pcm = loud(22_050, 22_050)
    await mouth.capture_frame(rtc.AudioFrame(pcm.tobytes(), 22_050, 1, len(pcm), userdata={"turn": "i1"}))
    mouth.flush()
    while not mouth.audible:
        await mouth.timeline.until(mouth.timeline.now_s() + 0.02)


async def level(ears: SoundCardEars) -> int:
    return int(np.abs(await ears.read()).max())


async def test_the_microphone_is_deaf_to_the_loudspeaker_unless_there_are_headphones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for headphones in (False, True):
        port = plugged_in(monkeypatch, FakePortAudio(rate_hz=16_000))
        ears, mouth = opened(SoundCard(headphones=headphones))
        port.hear(loud(FRAME, 16_000), 0.0)
        assert await level(ears) > 1000
        await speak(mouth)
        port.hear(loud(FRAME, 16_000), 0.02)
        assert (await level(ears) > 1000) is headphones
        await mouth.aclose()
        await ears.aclose()


async def test_sound_is_taken_at_the_rate_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    port = plugged_in(monkeypatch, FakePortAudio(rate_hz=44_100))
    ears, mouth = opened(SoundCard())
    for number in range(50):
        port.hear(loud(882, 44_100), number * 0.02)
    heard = sum([len(await ears.read()) for _ in range(50)])
    assert heard == pytest.approx(16_000, abs=400)
    await mouth.aclose()
    await ears.aclose()


async def test_sound_that_was_lost_is_replaced_by_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    port = plugged_in(monkeypatch, FakePortAudio(rate_hz=16_000))
    ears, mouth = opened(SoundCard())
    port.hear(loud(FRAME, 16_000), 0.0)
    port.hear(loud(FRAME, 16_000), 1.02)
    assert len(await ears.read()) + len(await ears.read()) == pytest.approx(2 * FRAME + 16_000, abs=50)
    await mouth.aclose()
    await ears.aclose()


async def test_the_voice_reaches_the_device_and_stops_at_once_when_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = plugged_in(monkeypatch, FakePortAudio())
    ears, mouth = opened(SoundCard())
    await speak(mouth)
    await mouth.timeline.until(mouth.timeline.now_s() + 0.1)
    assert np.abs(port.play(9600)).max() > 1000
    mouth.clear_buffer()
    assert np.abs(port.play(9600)).max() == 0
    await mouth.aclose()
    await ears.aclose()


async def test_a_microphone_that_is_unplugged_ends_the_sitting(monkeypatch: pytest.MonkeyPatch) -> None:
    port = plugged_in(monkeypatch, FakePortAudio())
    failures: list[BaseException] = []
    ears, mouth = opened(SoundCard(on_failure=failures.append))
    port.streams["input"].finished_callback()
    await asyncio.sleep(0)
    assert "plug it in" in str(failures[0])
    await mouth.aclose()
    await ears.aclose()
    port.streams["input"].finished_callback()
    await asyncio.sleep(0)
    assert len(failures) == 1


def test_devices_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged_in(monkeypatch, FakePortAudio())
    (headset,) = devices()
    assert (headset.name, headset.inputs, headset.default_input) == ("Headset", 1, True)


def test_a_device_that_is_not_there_is_named_with_the_way_to_list_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugged_in(monkeypatch, FakePortAudio())
    with pytest.raises(AudioError, match=r"no usable microphone 'Studio'.*(?s:.)*--devices"):
        SoundCard(input="Studio").check()


def test_a_missing_portaudio_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    class Finder:
        def find_spec(self, name: str, path: object, target: object = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(AudioError, match="apt install libportaudio2"):
        devices()
