"""Everything that is kept of a spoken session: both sides' sound on one timeline, and when each word was said."""

from pathlib import Path

import numpy as np
import soxr

from agent.sessions import append_durably, read_lines
from agent.voice.pcm import RATE_HZ, Pcm, last_sound_s
from agent.voice.wav import WavTrack
from agent.voice.words import SpokenTurn

_FLUSH_EVERY_S = 1.0
_STUTTER_S = 0.05
_OVERLAP_S = 8.0
_KEY_SAMPLES = 320


class Recording:
    """`candidate.wav`, `interviewer.wav` and `words.jsonl` of a session's folder; carries on what is there.

    A turn's line is on the disk when `write_turn` returns: write it before the interview hears of the turn.

    Where the candidate has not `agreed`, their sound does not reach the disk before `agree` is called; without it the
    track holds silence there.
    """

    def __init__(self, folder: Path, *, agreed: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._withheld: list[tuple[Pcm, float]] | None = None if agreed else []
        self._words = folder / "words.jsonl"
        self._candidate = WavTrack(folder / "candidate.wav")
        self._interviewer = WavTrack(folder / "interviewer.wav")
        self._resampler: soxr.ResampleStream | None = None
        self._spoken_until_s = 0.0
        self._flushed_s = self.length_s
        self._even_out(self.length_s)

    @property
    def length_s(self) -> float:
        return max(self._candidate.length_s, self._interviewer.length_s)

    def turns(self) -> list[SpokenTurn]:
        return read_lines(self._words, SpokenTurn)

    def write_turn(self, turn: SpokenTurn) -> None:
        append_durably(self._words, turn)

    def take_up(self, pcm: Pcm) -> None:
        """The candidate's sound goes on with this, as far as it is not here yet. Call it before anything is heard."""
        before = np.trim_zeros(self._candidate.since(self.length_s - _OVERLAP_S), "b")
        self.candidate_sound(pcm[_overlap(before, pcm) :], self.length_s)

    def unheard(self) -> tuple[Pcm, float]:
        """The candidate's sound behind the last line and the interviewer's last sound, and where it begins.

        The interviewer's voice may not have come to the end of its line, which is written down only then.
        """
        begins_s = max((turn.end_s for turn in self.turns()), default=0.0)
        spoken_s = last_sound_s(self._interviewer.since(begins_s))
        begins_s += 0.0 if spoken_s is None else spoken_s
        return self._candidate.since(begins_s), begins_s

    def agree(self) -> None:
        """From here on the candidate's sound may be kept, with what was withheld so far. Safe to call again."""
        withheld, self._withheld = self._withheld or [], None
        for pcm, at_s in withheld:
            self._candidate.place(pcm, at_s)

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None:
        if self._withheld is None:
            self._candidate.place(pcm, at_s)
        else:
            self._withheld.append((pcm, at_s))
        if at_s - self._flushed_s >= _FLUSH_EVERY_S:
            self._flushed_s = at_s
            self._even_out(at_s - _FLUSH_EVERY_S / 2)

    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None:
        """Sound that is being played at that moment, in the order in which it is played."""
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="int16")
            self._interviewer.pad_to(at_s)
        elif at_s - self._spoken_until_s > _STUTTER_S:
            self._interviewer.pad_to(self._interviewer.length_s + at_s - self._spoken_until_s)
        self._spoken_until_s = at_s + len(pcm) / rate_hz
        self._append(pcm, last=False)

    def utterance_ended(self) -> None:
        if self._resampler is not None:
            self._append(np.zeros(0, dtype=np.int16), last=True)
            self._resampler = None

    def _append(self, pcm: Pcm, *, last: bool) -> None:
        """The resampler holds a few milliseconds back: what it gives follows on what it gave before."""
        assert self._resampler is not None
        resampled = self._resampler.resample_chunk(pcm, last=last)
        self._interviewer.place(np.asarray(resampled, dtype=np.int16), self._interviewer.length_s)

    def close(self) -> None:
        self.utterance_ended()
        silent_until_s = max((at_s + len(pcm) / RATE_HZ for pcm, at_s in self._withheld or []), default=0.0)
        self._withheld = None
        self._even_out(max(self.length_s, silent_until_s))
        self._candidate.close()
        self._interviewer.close()

    def _even_out(self, until_s: float) -> None:
        """Both tracks are as long as each other, but for what is withheld, and readable from here on."""
        if self._resampler is None:
            self._interviewer.pad_to(until_s)
        if self._withheld is None:
            self._candidate.pad_to(until_s)
        self._candidate.flush()
        self._interviewer.flush()


def _overlap(before: Pcm, after: Pcm) -> int:
    """How many samples at the beginning of `after` are the end of `before`; the same sound is the same to the bit."""
    loud = np.flatnonzero(after)
    if not len(loud):
        return 0
    key = after[loud[0] : loud[0] + _KEY_SAMPLES].tobytes()
    found = before.tobytes().find(key)
    return 0 if found < 0 else min(len(after), int(loud[0]) + len(before) - found // 2)
