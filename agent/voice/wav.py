"""A WAV file that is readable at every moment, however its process dies, and that can be carried on."""

import errno
import os
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

from agent.errors import SessionError
from agent.voice.pcm import RATE_HZ, Pcm

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class WavTrack:
    """Mono, 16 bit, 16 kHz; written along the session's timeline, its first sample being second 0.

    The header is brought up to date at each `flush`, so that a file whose process was killed lacks at most what came
    after the last one; opened again, even that is taken back from behind the header's end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
            size = path.stat().st_size
            if size < _HEADER.size:
                self._file.truncate(0)
                self._file.write(_header(0))
                size = _HEADER.size
            self._samples = (size - _HEADER.size) // 2
            self._file.seek(_HEADER.size + 2 * self._samples)
            self.flush()
        except OSError as error:
            raise self._failed(error) from error

    @property
    def length_s(self) -> float:
        return self._samples / RATE_HZ

    def place(self, pcm: Pcm, at_s: float) -> None:
        """Lay down sound at its time. What lies before the end of the file is taken to follow on it instead."""
        gap = round(at_s * RATE_HZ) - self._samples
        if gap < 0 and -gap > RATE_HZ // 10:
            pcm = pcm[-gap:]
        self._write(np.zeros(max(0, gap), dtype=np.int16))
        self._write(pcm)

    def pad_to(self, at_s: float) -> None:
        self._write(np.zeros(max(0, round(at_s * RATE_HZ) - self._samples), dtype=np.int16))

    def since(self, at_s: float) -> Pcm:
        """What lies behind that second."""
        first = max(0, min(round(at_s * RATE_HZ), self._samples))
        try:
            self._file.seek(_HEADER.size + 2 * first)
            data = self._file.read()
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            raise self._failed(error) from error
        return np.frombuffer(data, dtype="<i2").astype(np.int16)

    def flush(self) -> None:
        """From here on the file is whole, whatever becomes of this process."""
        try:
            self._file.flush()
            self._file.seek(0)
            self._file.write(_header(self._samples))
            self._file.seek(0, os.SEEK_END)
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        self.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _write(self, pcm: Pcm) -> None:
        try:
            self._file.write(pcm.astype("<i2").tobytes())
        except OSError as error:
            raise self._failed(error) from error
        self._samples += len(pcm)

    def _failed(self, error: OSError) -> SessionError:
        if error.errno == errno.ENOSPC:
            return SessionError(
                f"{self._path}: the disk is full: what was said so far is kept; free some space and resume the session"
            )
        return SessionError(f"{self._path}: {error.strerror}: the recording cannot be written")


def _header(samples: int) -> bytes:
    size = 2 * samples
    return _HEADER.pack(
        b"RIFF",
        _HEADER.size - 8 + size,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        RATE_HZ,
        2 * RATE_HZ,
        2,
        16,
        b"data",
        size,
    )
