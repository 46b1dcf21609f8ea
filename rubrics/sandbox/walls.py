"""What keeps a candidate's code in. Each wall stands by itself; where the system lacks one, the others still hold.

- `limits` (any Unix): processor time, memory, size of a file, number of open files, no core dumps.
- `files` (Linux 5.13+, Landlock): reads Python, its packages and the system's libraries, writes one empty folder; no
  home, no data folder, no content of ours.
- `system calls` (Linux, seccomp): no sockets, no new processes or programs, no signals to others, no tracing.
- `namespaces` (Linux, where users may make them; most containers do not let them): a network without any interface,
  and a scratch folder that cannot outgrow `SCRATCH_MB`.

Not guaranteed: on macOS only `limits` hold, so that the user's files can be read and the network be reached; the same
is true of files on a Linux without Landlock. Without `namespaces` many small files may fill a disk until time is up.
What lies in the system's own folders of libraries can always be read.
"""

import ctypes
import os
import resource
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from rubrics.sandbox.landlock import Landlock
from rubrics.sandbox.seccomp import take_system_calls_away

SCRATCH_MB = 32
_ADDRESS_SPACE_MB = 4096
"""Numeric libraries reserve much more than they use; what is used is limited apart from this."""
OPEN_FILES = 64
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/etc/localtime")
_OURS = frozenset(("agent", "evals", "graphs", "knowledge", "rubrics"))
_NEWNS, _NEWIPC, _NEWUSER, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
_MS_NODEV, _MS_NOSUID, _MS_REC, _MS_PRIVATE = 4, 2, 0x4000, 1 << 18
_CAPABILITY_VERSION = 0x20080522


def separate(scratch: Path) -> bool:
    """Leave the network and mount a small scratch folder; False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEWUSER | _NEWNET | _NEWNS | _NEWIPC) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return False
    options = f"size={SCRATCH_MB}m,mode=700".encode()
    return bool(
        libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None) == 0
        and libc.mount(b"tmpfs", bytes(scratch), b"tmpfs", _MS_NODEV | _MS_NOSUID, options) == 0
    )


def files_closed(code: Path, scratch: Path) -> Landlock | None:
    """The places open to the code; None where the system has no Landlock."""
    if sys.platform != "linux":
        return None
    library = Path(sysconfig.get_path("stdlib"))
    packages = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    kept = [p for p in library.iterdir() if p.name not in ("site-packages", "dist-packages")]
    kept += [p for folder in packages for p in folder.iterdir() if p.name not in _OURS]
    binary = Path(sys.base_prefix) / "lib"
    kept += binary.glob("*.so*")
    system = [Path(p) for p in (*_SYSTEM, *_DEVICES)]
    try:
        return Landlock(
            read=[*system, *kept, code], listed=[library, *packages], written=[scratch, Path("/dev/null")]
        )
    except OSError:
        return None


def enter(landlock: Landlock | None, *, cpu_s: float, memory_mb: int, file_mb: int) -> None:
    """Raise the walls around this process: what runs from here on is the candidate's."""
    _limit(cpu_s, memory_mb, file_mb)
    if landlock is not None:
        landlock.enter()
    if sys.platform == "linux":
        _drop_capabilities()
    take_system_calls_away()


def standing(landlock: Landlock | None, *, separated: bool) -> list[str]:
    """The walls that `enter` raises, tried out in a process of its own."""
    if (child := os.fork()) == 0:
        os._exit(0 if take_system_calls_away() else 1)
    _, status = os.waitpid(child, 0)
    walls = {"limits": True, "files": landlock is not None, "system calls": status == 0}
    return [wall for wall, stands in (*walls.items(), ("namespaces", separated)) if stands]


def _limit(cpu_s: float, memory_mb: int, file_mb: int) -> None:
    seconds = int(cpu_s) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_CPU, (seconds, seconds + 1)
        )  # first a signal that tells why, then the end
    limits = {
        resource.RLIMIT_DATA: memory_mb << 20,
        resource.RLIMIT_AS: _ADDRESS_SPACE_MB << 20,
        resource.RLIMIT_FSIZE: file_mb << 20,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        with suppress(ValueError, OSError):  # macOS knows no limit on memory
            resource.setrlimit(kind, (limit, limit))


def _drop_capabilities() -> None:
    """Whoever is root keeps no more rights than anybody."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
