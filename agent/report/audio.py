"""One compact track of both sides, small enough to lie inside the page.

MP3, because every browser plays it and seeks in it. A conversation of up to an hour is kept whole; of a longer one
only the stretches around the quotes, one after the other.
"""

import base64
import hashlib
import os
import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream

from agent.errors import SessionError
from agent.report.delivery_models import Gap
from agent.report.models import Audio

MEDIA_TYPE = "audio/mpeg"
WHOLE_UP_TO_S = 3600.0
BEFORE_QUOTE_S = 3.0
AFTER_QUOTE_S = 20.0
_BIT_RATE = 24_000
_FAST = {"compression_level": "7"}
_BLOCK_S = 30.0
Samples = npt.NDArray[np.int16]


def spans_to_keep(duration_s: float, quotes_at_s: Sequence[float]) -> list[Gap]:
    """The stretches of the recording that go into the track, in order and apart from each other."""
    if duration_s <= WHOLE_UP_TO_S:
        return [Gap(start_s=0.0, end_s=duration_s)] if duration_s > 0 else []
    spans: list[Gap] = []
    for at_s in sorted(quotes_at_s):
        start_s = max(0.0, at_s - BEFORE_QUOTE_S)
        end_s = min(duration_s, at_s + AFTER_QUOTE_S)
        if spans and start_s <= spans[-1].end_s:
            spans[-1] = Gap(start_s=spans[-1].start_s, end_s=end_s)
        elif start_s < end_s:
            spans.append(Gap(start_s=start_s, end_s=end_s))
    return spans


def track_second(audio: Audio | None, at_s: float | None) -> float | None:
    """Where in the track a second of the recording lies; None where the track does not hold it."""
    if audio is None or at_s is None:
        return None
    before_s = 0.0
    for span in audio.spans:
        if span.start_s <= at_s < span.end_s:
            return round(before_s + at_s - span.start_s, 2)
        before_s += span.end_s - span.start_s
    return None


def recordings(folder: Path) -> list[Path]:
    """The session's recordings that hold any sound. One that was cut off by a crash counts as far as it goes."""
    files = (folder / name for name in ("candidate.wav", "interviewer.wav"))
    return [file for file in files if file.is_file() and _duration_s(file) > 0]


def reusable_track(
    files: Sequence[Path], quotes_at_s: Sequence[float], track: Path, earlier: Audio | None
) -> Audio | None:
    """`earlier`, where it describes the file at `track` and holds what a new one would. Recordings only ever grow."""
    if earlier is None or not track.is_file():
        return None
    wanted = spans_to_keep(max(map(_duration_s, files), default=0.0), quotes_at_s)
    whole = hashlib.sha256(track.read_bytes()).hexdigest() == earlier.sha256
    return earlier if whole and wanted == earlier.spans else None


def make_track(files: Sequence[Path], quotes_at_s: Sequence[float], target: Path) -> Audio | None:
    """Mix the recordings into `target`. None where there is nothing to hear."""
    duration_s = max((_duration_s(file) for file in files), default=0.0)
    spans = spans_to_keep(duration_s, quotes_at_s)
    if not spans:
        return None
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _encode(files, spans, partial)
        partial.replace(target)
    except (OSError, av.FFmpegError) as error:
        raise SessionError(
            f"{target}: {error.strerror}: the recording could not be put into the report"
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return Audio(
        media_type=MEDIA_TYPE,
        duration_s=round(sum(s.end_s - s.start_s for s in spans), 2),
        spans=spans,
        sha256=hashlib.sha256(target.read_bytes()).hexdigest(),
    )


def data_uri(track: Path) -> str:
    return f"data:{MEDIA_TYPE};base64,{base64.b64encode(track.read_bytes()).decode()}"


def _encode(files: Sequence[Path], spans: Sequence[Gap], target: Path) -> None:
    with ExitStack() as stack:
        sides = [stack.enter_context(wave.open(str(file), "rb")) for file in files]
        rate_hz = sides[0].getframerate()
        output = stack.enter_context(av.open(str(target), "w", format="mp3"))
        stream = output.add_stream("libmp3lame", rate=rate_hz, layout="mono", options=_FAST)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = _BIT_RATE
        for block in _mixed(sides, spans, rate_hz):
            frame = av.AudioFrame.from_ndarray(block[np.newaxis], format="s16", layout="mono")
            frame.sample_rate = rate_hz
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _mixed(sides: Sequence[wave.Wave_read], spans: Sequence[Gap], rate_hz: int) -> Iterator[Samples]:
    block = int(_BLOCK_S * rate_hz)
    for span in spans:
        start, end = round(span.start_s * rate_hz), round(span.end_s * rate_hz)
        for at in range(start, end, block):
            length = min(block, end - at)
            total = np.zeros(length, np.int32)
            for side in sides:
                samples = _read(side, at, length)
                total[: len(samples)] += samples
            yield np.clip(total, -32768, 32767).astype(np.int16)


def _read(side: wave.Wave_read, at: int, length: int) -> Samples:
    if at >= side.getnframes():
        return np.zeros(0, np.int16)
    side.setpos(at)
    return np.frombuffer(side.readframes(length), np.int16)


def _duration_s(file: Path) -> float:
    try:
        with wave.open(str(file), "rb") as side:
            return side.getnframes() / side.getframerate() if side.getsampwidth() == 2 else 0.0
    except (wave.Error, EOFError):
        return 0.0
