import subprocess
import sys

_PROGRAM = """
import ctypes, threading
import psutil
from agent.memory import return_freed_memory

return_freed_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
before = psutil.Process().memory_info().rss
for mib in (30, 20):
    block = libc.malloc(mib << 20)
    ctypes.memset(block, 1, mib << 20)
    libc.free(block)
print(psutil.Process().memory_info().rss - before)
"""


def test_what_native_code_frees_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 4 << 20
