"""Memory of native libraries: what they free goes back to the system."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Names of glibc's `mallopt` (malloc.h)."""
_BIG_BYTES = 4 << 20
_ARENAS = 2


def return_freed_memory() -> None:
    """Big blocks are given back as soon as they are freed. Does nothing where the C library is not glibc.

    glibc by itself keeps ever bigger blocks once some were freed: recognition and voices, whose blocks are as long as
    what is said, then hold more memory with each longer sentence.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for name, value in (
            (_MMAP_THRESHOLD, _BIG_BYTES),
            (_TRIM_THRESHOLD, _BIG_BYTES),
            (_ARENA_MAX, _ARENAS),
        ):
            mallopt(name, value)
