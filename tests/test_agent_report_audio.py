"""The track inside the page."""

from pathlib import Path

import av
import numpy as np
import pytest

from agent.report.audio import make_track, recordings, reusable_track, spans_to_keep, track_second
from agent.report.delivery_models import Gap
from agent.report.models import Audio
from tests.report_sessions import RATE_HZ, SessionBuilder

TEXT = "one two three four five six seven eight nine ten"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    builder = SessionBuilder(tmp_path)
    builder.say("interviewer", "greeting", "Hello there.")
    builder.say("candidate", "answer", TEXT)
    builder.record()
    return builder.session.folder


def _pitch_hz(samples: np.ndarray[tuple[int], np.dtype[np.float32]], at_s: float) -> float:
    piece = samples[round(at_s * RATE_HZ) : round((at_s + 0.2) * RATE_HZ)]
    return float(np.argmax(np.abs(np.fft.rfft(piece))) * RATE_HZ / len(piece))


def _decoded(track: Path) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    with av.open(str(track)) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)]).astype(np.float32)


def test_both_sides_are_heard_at_their_seconds(folder: Path) -> None:
    audio = make_track(recordings(folder), [], folder / "report.mp3")
    assert audio is not None
    samples = _decoded(folder / "report.mp3")
    assert abs(len(samples) / RATE_HZ - audio.duration_s) < 0.2
    assert _pitch_hz(samples, 1.1) == pytest.approx(260, abs=15)
    assert _pitch_hz(samples, 4.0) == pytest.approx(180, abs=15)


def test_a_track_is_encoded_again_only_where_it_would_differ(folder: Path) -> None:
    files, track = recordings(folder), folder / "report.mp3"
    audio = make_track(files, [], track)
    assert reusable_track(files, [], track, audio) == audio
    assert audio is not None
    assert reusable_track(files, [], track, audio.model_copy(update={"sha256": "0"})) is None
    assert reusable_track(files, [], track, audio.model_copy(update={"spans": []})) is None
    assert reusable_track(files, [], track, None) is None


def test_a_recording_cut_off_at_its_header_is_no_recording(folder: Path) -> None:
    (folder / "candidate.wav").write_bytes(b"RIFF")
    (folder / "interviewer.wav").unlink()
    assert recordings(folder) == []
    assert make_track([], [], folder / "report.mp3") is None


def test_of_a_long_recording_only_what_surrounds_the_quotes_is_kept() -> None:
    spans = spans_to_keep(7200, [100, 110, 5000, 7195])
    assert [(s.start_s, s.end_s) for s in spans] == [(97, 130), (4997, 5020), (7192, 7200)]
    track = Audio(media_type="audio/mpeg", duration_s=64, spans=spans, sha256="0")
    assert track_second(track, 110) == 13
    assert track_second(track, 5000) == 36
    assert track_second(track, 300) is None


def test_an_hour_is_kept_whole() -> None:
    assert spans_to_keep(3600, [5]) == [Gap(start_s=0, end_s=3600)]
    assert spans_to_keep(0, []) == []
