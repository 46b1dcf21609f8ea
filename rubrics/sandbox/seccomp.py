"""Takes system calls away from this process for good: sockets, new processes and programs, signals to others.

Threads stay possible. A call that is taken away fails with "operation not permitted". Linux on x86-64 and ARM64 only.
"""

import ctypes
import errno
import platform
import struct

_NUMBERS = {
    "x86_64": {
        **{"socket": 41, "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "kill": 62, "tkill": 200},
        **{"tgkill": 234, "pidfd_send_signal": 424, "ptrace": 101, "process_vm_readv": 310},
        **{
            "process_vm_writev": 311,
            "setpgid": 109,
            "setsid": 112,
            "unshare": 272,
            "setns": 308,
            "mount": 165,
        },
        **{"chroot": 161, "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323},
        **{"io_uring_setup": 425, "clone": 56, "clone3": 435},
    },
    "aarch64": {
        **{"socket": 198, "execve": 221, "execveat": 281, "kill": 129, "tkill": 130, "tgkill": 131},
        **{"pidfd_send_signal": 424, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271},
        **{
            "setpgid": 154,
            "setsid": 157,
            "unshare": 97,
            "setns": 268,
            "mount": 40,
            "chroot": 51,
            "keyctl": 219,
        },
        **{"bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425},
        **{"clone": 220, "clone3": 435},
    },
}
_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
"""On x86-64, numbers from here on are the same calls by another name."""
_NUMBER_AT, _ARCH_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000
_CLONE_THREAD = 0x10000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def take_system_calls_away() -> bool:
    """False where this machine cannot do it. Holds for this process and cannot be undone."""
    machine = platform.machine()
    if machine not in _NUMBERS or platform.system() != "Linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter(_NUMBERS[machine], _ARCHES[machine])
    program = _Program(len(code) // 8, code)
    return bool(
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def _filter(numbers: dict[str, int], arch: int) -> bytes:
    """The calls in `numbers` as a classic BPF program; `clone` is refused unless it makes a thread."""
    refused = [number for name, number in numbers.items() if name not in ("clone", "clone3")]
    steps = [
        _step(_LOAD, _ARCH_AT),
        _step(_EQUAL, arch, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _KILL),
    ]
    for number in refused:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    steps += [
        # the C library then falls back on `clone`, whose flags a filter can read
        _step(_EQUAL, numbers["clone3"], 0, 1),
        _step(_RETURN, _UNKNOWN),
        _step(_EQUAL, numbers["clone"], 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_HAS_BITS, _CLONE_THREAD, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _REFUSE),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
