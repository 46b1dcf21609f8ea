"""Talks with a peer's program over pipes: one JSON line to it, and JSON lines from it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.benches.spoken import Delay
from agent.errors import SoundcheckError

_TAIL_LINES = 2


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ready(_Line):
    """All is loaded; the conversation waits to be let go."""

    event: Literal["ready"]


class Replied(_Line):
    """What followed one answer."""

    event: Literal["replied"]
    delay: Delay


class Over(_Line):
    """The conversation has ended."""

    event: Literal["over"]


class Recognised(_Line):
    """What its recognition cost, measured after the conversation with nothing beside it."""

    event: Literal["recognised"]
    processor_s: float


Line = Annotated[Ready | Replied | Over | Recognised, Field(discriminator="event")]
_LINES: TypeAdapter[Line] = TypeAdapter(Line)
L = TypeVar("L", bound=_Line)


class Peer:
    """A running program. `pid` is the whole of it: it starts no processes."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, errors: Path) -> None:
        self._name, self._process, self._errors = name, process, errors
        self.pid = process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.returncode

    async def tell(self, line: Mapping[str, Any] | None = None) -> None:
        """Without a line: let it go on."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(line) if line else "").encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self, kind: type[L], *, within_s: float) -> L:
        """The next line, which must be of this kind. Raises SoundcheckError."""
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), within_s)
        except TimeoutError as error:
            raise self._fault(f"said nothing for {within_s:.0f} s") from error
        if not line:
            await self._process.wait()
            raise self._fault(f"ended early (exit code {self._process.returncode})")
        try:
            heard = _LINES.validate_json(line)
        except ValidationError as error:
            raise self._fault("said what is not one of its lines") from error
        if not isinstance(heard, kind):
            raise self._fault(f"said `{heard.event}` where another line was due")
        return heard

    def _fault(self, what: str) -> SoundcheckError:
        written = self._errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        tail = "".join(f"\n{line}" for line in written[-_TAIL_LINES:])
        return SoundcheckError(f"the {self._name} side of the bench {what}{tail}")


@asynccontextmanager
async def started(name: str, command: Sequence[str | Path], folder: Path) -> AsyncIterator[Peer]:
    """The program, with its error output in `folder`; it is ended on leaving."""
    errors = folder / f"{name}.log"
    with errors.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        yield Peer(name, process, errors)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
