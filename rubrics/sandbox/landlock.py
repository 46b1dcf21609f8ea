"""Closes the file system to this process but for named places, with Linux's Landlock. Needs no privilege."""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE
_CONTENT = _WRITE_FILE | _READ_FILE | _READ_DIR | _TRUNCATE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8
"""All that one does with ordinary files and folders: remove either, make either."""
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Number of file rights by version; 16 from version 5 on."""
_TCP = 0b11
_SCOPES = 0b11
"""Signals and abstract sockets end at the edge of the sandbox."""


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class Landlock:
    """A set of places. Make it once; every process that calls `enter` is then held to it, for good."""

    def __init__(self, *, read: Iterable[Path], listed: Iterable[Path], written: Iterable[Path]) -> None:
        """`read` with everything beneath; `listed` folders show names only. Raises OSError where it is missing."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        version = self._call(_CREATE, None, 0, 1)
        self._handled = (1 << _RIGHTS.get(version, 16)) - 1
        size = 8 if version < 4 else 16 if version < 6 else 24
        wanted = (ctypes.c_uint64 * 3)(self._handled, _TCP, _SCOPES)
        self.rules = self._call(_CREATE, ctypes.byref(wanted), size, 0)
        for places, rights in ((read, _READ_FILE | _READ_DIR), (listed, _READ_DIR), (written, _CONTENT)):
            for place in places:
                self._allow(place, rights)

    def enter(self) -> None:
        """Hold this process to the set."""
        self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        self._call(_RESTRICT, self.rules, 0)
        os.close(self.rules)

    def _allow(self, place: Path, rights: int) -> None:
        try:
            parent = os.open(place, os.O_PATH)
        except OSError:
            return
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _OF_FILES
        rule = _Beneath(rights & self._handled, parent)
        if rule.allowed:
            self._call(_ADD, self.rules, 1, ctypes.byref(rule), 0)
        os.close(parent)

    def _call(self, number: int, *arguments: object) -> int:
        result = int(self._libc.syscall(number, *arguments))
        if result < 0:
            raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
        return result
