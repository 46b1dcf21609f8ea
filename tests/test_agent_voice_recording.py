import errno
import io
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from agent.errors import SessionError
from agent.voice.conductor import Reply
from agent.voice.minutes import Minutes
from agent.voice.pcm import RATE_HZ, Pcm, join, last_sound_s, quietest_s, silence
from agent.voice.recording import Recording
from agent.voice.wav import WavTrack
from agent.voice.words import SpokenTurn, spread
from tests.fakes import ScriptedInterview


def tone(seconds: float, rate_hz: int = RATE_HZ) -> Pcm:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (8000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)


def samples(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def loud_from_to(pcm: Pcm) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(pcm) > 500)
    return loud[0] / RATE_HZ, loud[-1] / RATE_HZ


def test_sound_lies_where_it_was_heard_and_both_sides_are_equally_long(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    recording.interviewer_sound(tone(1.0, 22_050), 0.5, 22_050)
    recording.utterance_ended()
    recording.candidate_sound(silence(3.0), 0.0)
    recording.candidate_sound(tone(1.0), 3.0)
    recording.close()
    candidate, interviewer = samples(tmp_path / "candidate.wav"), samples(tmp_path / "interviewer.wav")
    assert len(candidate) == len(interviewer) == 4 * RATE_HZ
    assert loud_from_to(candidate) == pytest.approx((3.0, 4.0), abs=0.01)
    assert loud_from_to(interviewer) == pytest.approx((0.5, 1.5), abs=0.01)


def test_what_the_candidate_said_after_the_last_line_and_the_interviewers_voice_is_still_to_be_heard(
    tmp_path: Path,
) -> None:
    recording = Recording(tmp_path)
    words = spread("What did you build?", 0.0, 1.0)
    recording.write_turn(SpokenTurn(turn="i1", speaker="interviewer", start_s=0.0, end_s=1.0, words=words))
    recording.interviewer_sound(tone(1.0), 2.0, RATE_HZ)
    recording.utterance_ended()
    recording.candidate_sound(silence(4.0), 0.0)
    recording.candidate_sound(tone(2.0), 4.0)
    sound, begins_s = recording.unheard()
    assert begins_s == pytest.approx(3.0, abs=0.05)
    assert len(sound) == pytest.approx(3.0 * RATE_HZ, abs=0.05 * RATE_HZ)
    recording.candidate_sound(tone(1.0), 6.0)
    recording.close()
    assert loud_from_to(samples(tmp_path / "candidate.wav")) == pytest.approx((4.0, 7.0), abs=0.01)


@pytest.mark.parametrize("known_s", [0.0, 0.7, 2.0])
def test_sound_that_is_taken_up_later_is_recorded_once(tmp_path: Path, known_s: float) -> None:
    said = np.random.default_rng(3).integers(-9000, 9000, 2 * RATE_HZ).astype(np.int16)
    known = said[: round(known_s * RATE_HZ)]
    recording = Recording(tmp_path)
    recording.candidate_sound(silence(1.0), 0.0)
    recording.candidate_sound(known, 1.0)
    recording.close()
    recording = Recording(tmp_path)
    recording.take_up(join([silence(0.2), said]) if not len(known) else said)
    recording.close()
    assert np.array_equal(np.trim_zeros(samples(tmp_path / "candidate.wav")), said)


def test_sound_from_before_the_consent_reaches_the_disk_with_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path, agreed=False)
    recording.candidate_sound(silence(1.0), 0.0)
    for second in (1.0, 2.0):
        recording.candidate_sound(tone(1.0), second)
        assert (samples(tmp_path / "candidate.wav") == 0).all()
    recording.agree()
    recording.candidate_sound(silence(1.0), 3.0)
    recording.close()
    assert loud_from_to(samples(tmp_path / "candidate.wav")) == pytest.approx((1.0, 3.0), abs=0.01)


def test_sound_without_a_consent_is_never_kept_and_leaves_silence(tmp_path: Path) -> None:
    recording = Recording(tmp_path, agreed=False)
    recording.interviewer_sound(tone(1.0), 0.0, RATE_HZ)
    recording.utterance_ended()
    recording.candidate_sound(tone(3.0), 0.0)
    recording.close()
    assert len(samples(tmp_path / "candidate.wav")) == 3 * RATE_HZ
    assert len(samples(tmp_path / "interviewer.wav")) == 3 * RATE_HZ
    assert (samples(tmp_path / "candidate.wav") == 0).all()


async def test_the_consent_of_a_script_lets_sound_be_kept_and_no_other_reply_does(tmp_path: Path) -> None:
    recording = Recording(tmp_path, agreed=False)
    minutes = Minutes(tmp_path, recording)
    view = (await ScriptedInterview([]).view()).model_copy(update={"script": "screen 1"})
    recording.candidate_sound(tone(1.0), 0.0)
    for consent, kept in ((None, False), ("refused", False), ("given", True)):
        minutes.viewed(view.model_copy(update={"consent": consent}), Reply("hear"))
        recording.candidate_sound(silence(1.0), recording.length_s + 1.0)
        assert bool(samples(tmp_path / "candidate.wav").any()) == kept, consent
    recording.close()


def test_a_voice_played_in_small_pieces_has_no_gaps(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    whole = tone(1.0, 22_050)
    for start in range(0, len(whole), 441):
        recording.interviewer_sound(whole[start : start + 441], 1.0 + start / 22_050, 22_050)
    recording.utterance_ended()
    recording.close()
    heard = samples(tmp_path / "interviewer.wav")[RATE_HZ + 400 : 2 * RATE_HZ - 400].astype(np.float64)
    assert np.sqrt((heard.reshape(-1, 16) ** 2).mean(axis=1)).min() > 1000


def test_a_sitting_carries_on_where_the_last_one_ended(tmp_path: Path) -> None:
    for _ in range(2):
        recording = Recording(tmp_path)
        recording.candidate_sound(tone(1.0), recording.length_s)
        recording.close()
    assert (
        len(samples(tmp_path / "candidate.wav")) == len(samples(tmp_path / "interviewer.wav")) == 2 * RATE_HZ
    )


KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
from agent.voice.recording import Recording
recording = Recording(Path(sys.argv[1]))
frame = np.full(320, 1000, dtype=np.int16)
for number in range(int(sys.argv[2])):
    recording.candidate_sound(frame, number * 0.02)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_readable_files_that_carry_on(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "260"], check=False)
    assert done.returncode == -signal.SIGKILL
    left = samples(tmp_path / "candidate.wav")
    assert 4.0 <= len(left) / RATE_HZ <= 5.2
    assert (left[: 4 * RATE_HZ] == 1000).all()
    samples(tmp_path / "interviewer.wav")
    recording = Recording(tmp_path)
    recording.close()
    assert len(samples(tmp_path / "candidate.wav")) == len(samples(tmp_path / "interviewer.wav"))


def test_half_a_sample_at_the_end_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    track = WavTrack(path)
    track.place(tone(0.5), 0.0)
    track.close()
    with path.open("ab") as file:
        file.write(b"\x01")
    again = WavTrack(path)
    again.place(tone(0.5), 0.5)
    again.close()
    assert len(samples(path)) == RATE_HZ


def test_a_file_without_even_a_header_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    track = WavTrack(path)
    track.close()
    assert len(samples(path)) == 0


class FullDisk(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_named_and_says_what_to_do(tmp_path: Path) -> None:
    track = WavTrack(tmp_path / "a.wav")
    track.close()
    track._file = FullDisk()
    with pytest.raises(SessionError, match=r"a.wav: the disk is full.*resume"):
        track.place(tone(1.0), 0.0)


def test_a_turn_is_on_the_disk_when_it_is_written(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    turn = SpokenTurn(
        turn="c1", speaker="candidate", start_s=1.0, end_s=2.0, words=spread("So we did", 1.0, 2.0)
    )
    recording.write_turn(turn)
    recording.close()
    again = Recording(tmp_path)
    assert again.turns() == [turn]
    again.close()
    assert turn.text == "So we did"


def test_the_last_sound_is_found_before_noise_and_silence() -> None:
    noise = np.random.default_rng(0).normal(0, 30, 2 * RATE_HZ).astype(np.int16)
    assert last_sound_s(np.concatenate([tone(1.0), noise])) == pytest.approx(1.0, abs=0.03)
    assert last_sound_s(silence(1.0)) is None


def test_speech_is_cut_where_it_is_quietest() -> None:
    pcm = np.concatenate([tone(2.0), silence(0.2), tone(1.0)])
    assert quietest_s(pcm, after_s=1.0) == pytest.approx(2.1, abs=0.06)
