"""LiveKit's library for browsers: fetched from npm once, checked, kept in the user's cache, served by the room.

It is not part of this repository and is never taken from anywhere but the pinned package.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from agent.errors import LiveKitError
from agent.settings import Settings

PACKAGE, VERSION = "livekit-client", "2.23.0"
SHA512 = "j9Kg86nJjBjNFUD+ukp2jwMCGa0k+YD5gU//RzAM+ZY3pbG631QCte7fQjwqWMmtBzhDJL9nKYuOLMv/9IbAxg=="
"""Of the package, base64, as npm writes it."""
LIBRARY_SHA256 = "fb646f2260d84f91238d0a2dc10726c456631d6a26c7cafc43cfee5959b4d31d"
_MEMBER = "package/dist/livekit-client.umd.js"
_TIMEOUT_S = 120


def library_path(settings: Settings) -> Path:
    return settings.cache_dir / "web" / f"{PACKAGE}-{VERSION}.umd.js"


def fetch_library(settings: Settings) -> Path:
    """The library, brought here where it is missing. Raises LiveKitError."""
    target = library_path(settings)
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == LIBRARY_SHA256:
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise LiveKitError(
            f"npm is missing, which brings {PACKAGE} {VERSION} for the page: install it (sudo apt install npm), or put "
            f"dist/{PACKAGE}.umd.js of that package at {target}"
        )
    with tempfile.TemporaryDirectory(prefix="soundcheck-npm-") as folder:
        package = _packed(npm, Path(folder))
        got = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if got != SHA512:
            raise LiveKitError(
                f"{PACKAGE} {VERSION} from npm is not the expected package: sha512 {got}, expected {SHA512}"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".part")
        with tarfile.open(package) as archive:
            member = archive.extractfile(_MEMBER)
            assert member is not None
            partial.write_bytes(member.read())
        partial.replace(target)
    return target


def _packed(npm: str, folder: Path) -> Path:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--ignore-scripts"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LiveKitError(f"npm cannot bring {PACKAGE} {VERSION}: {error}") from error
    found = next(folder.glob("*.tgz"), None)
    if done.returncode != 0 or found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise LiveKitError(f"npm cannot bring {PACKAGE} {VERSION}: {said[-1] if said else 'no reason given'}")
    return found
