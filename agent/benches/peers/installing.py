"""An environment of its own for a peer that cannot be locked together with ours, made the first time it is asked for.

A peer's packages are pinned in `<name>.lock` beside this file, which is remade with
`uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11`.
"""

import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from agent.errors import SoundcheckError
from agent.settings import Settings

_TAIL_LINES = 6


def uv_beside(python: Path) -> Path:
    """The installer that belongs to this interpreter's environment."""
    return python.with_name("uv")


def environment_of(
    name: str,
    settings: Settings,
    *,
    lock: Path | None = None,
    uv: Path | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Path:
    """The peer's interpreter, which runs nothing of ours. Raises SoundcheckError when it cannot be installed.

    One environment for each lock file and Python: another lock never changes one that is in use.
    """
    lock = lock or Path(__file__).with_name(f"{name}.lock")
    uv = uv or uv_beside(Path(sys.executable))
    key = sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = settings.cache_dir / "peers" / f"{name}-{key}"
    python, done = folder / "bin" / "python", folder / "installed"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            progress(f"{name}: installing it into {folder} (once, 750 MiB)")
            _run(name, [uv, "venv", "--clear", "--python", sys.executable, folder])
            _run(name, [uv, "pip", "sync", "--python", python, "--require-hashes", lock])
            done.touch()
    return python


def _run(name: str, command: list[str | Path]) -> None:
    hint = f"only the bench against {name} needs it: leave it out with --peer stock"
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise SoundcheckError(
            f"{name} cannot be installed: {command[0]} does not start ({error.strerror}); "
            f"run make setup, which brings it. {hint}"
        ) from error
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-_TAIL_LINES:])
        raise SoundcheckError(
            f"{name} cannot be installed; check the network and uv's index, and try again. {hint}\n{tail}"
        )
