"""A real LiveKit server on free ports of the loopback, ended with the block."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import yaml
from pydantic import SecretStr

from agent.settings import Settings

KEY, SECRET = "testkey", "a-secret-of-at-least-32-characters"
_STARTS_WITHIN_S = 20.0
_REGISTERS_WITHIN_S = 180.0


@dataclass(frozen=True)
class LiveKitServer:
    url: str
    process: "subprocess.Popen[bytes]"


def find_server() -> str | None:
    """`livekit-server` of the PATH, else what `go install` left as `server` where Go puts it."""
    found = shutil.which("livekit-server")
    places = [
        Path(os.environ.get("GOBIN") or Path.home() / "go" / "bin") / name
        for name in ("livekit-server", "server")
    ]
    return found or next((str(place) for place in places if os.access(place, os.X_OK)), None)


@contextmanager
def running_server(folder: Path) -> Iterator[LiveKitServer]:
    program = find_server()
    assert program is not None
    port, tcp, udp = free_port(), free_port(), free_port(socket.SOCK_DGRAM)
    config = folder / "livekit.yaml"
    config.write_text(
        yaml.safe_dump(
            {
                "port": port,
                "bind_addresses": ["127.0.0.1"],
                "keys": {KEY: SECRET},
                "rtc": {
                    "tcp_port": tcp,
                    "udp_port": udp,
                    "node_ip": "127.0.0.1",
                    "use_external_ip": False,
                    "enable_loopback_candidate": True,
                    "interfaces": {"includes": ["lo"]},
                },
                "logging": {"level": "info", "json": False},
            }
        )
    )
    with (folder / "livekit.log").open("wb") as log:
        process = subprocess.Popen([program, "--config", str(config)], stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "livekit.log")
        yield LiveKitServer(f"ws://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.wait()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return
        time.sleep(0.05)
    raise AssertionError(f"the LiveKit server does not start:\n{log.read_text()[-2000:]}")


def worker_settings(server: LiveKitServer, data: Path) -> Settings:
    """A worker at that server, whose language model never answers: everything is asked as it is written."""
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    return Settings(
        data_dir=data,
        livekit_url=server.url,
        livekit_key=KEY,
        livekit_secret=SecretStr(SECRET),
        livekit_grace_s=30.0,
        worker_port=0,
        openai_base_url=nobody,
        openai_model="nobody",
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings for another process."""
    given = settings.model_dump(exclude_unset=True) | {"livekit_secret": SECRET}
    return {f"SOUNDCHECK_{name.upper()}": str(value) for name, value in given.items()}


class WorkerProcess:
    """`soundcheck worker`, and what it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._said: list[str] = []
        self._more = asyncio.Event()
        self.reading = asyncio.create_task(self._read())

    async def says(self, words: str, *, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while not any(words in line for line in self._said):
                assert self.process.returncode is None, "".join(self._said)
                await self._more.wait()

    async def ends(self, *, within_s: float) -> int:
        return await asyncio.wait_for(self.process.wait(), within_s)

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self._said.append(line.decode())
            self._wake()
        await self.process.wait()
        self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()


@asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[WorkerProcess]:
    """Registered; killed with the block where it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from agent.cli import main; main()", "worker"),
        env=os.environ | environment_of(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    worker = WorkerProcess(process)
    try:
        await worker.says("health at", within_s=_REGISTERS_WITHIN_S)
        yield worker
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await worker.reading
