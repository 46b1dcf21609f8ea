"""Runs a candidate's Python code against the tests of its problem, each test in a process that can do no harm.

Code that hangs, crashes, eats memory, prints without end, ends Python early or forges its result never counts as
passed. See `rubrics.sandbox.walls` for what holds it in and where that is not guaranteed, and `rubrics.sandbox.server`
for why its results can be believed. What no sandbox sees: objects whose `__eq__` says yes to everything.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from rubrics.coderun import CodeRun, Outcome, Suite
from rubrics.errors import SandboxError

_GRACE_S = 10.0
"""For starting Python, pytest and pandas."""


@dataclass(frozen=True)
class Limits:
    """Of one test. `total_s` is that of a whole run."""

    test_s: float = 5.0
    """Processor time: a busy machine is not the code's fault."""
    wait_s: float = 15.0
    """By the clock, for code that sleeps."""
    memory_mb: int = 512
    file_mb: int = 4
    output_characters: int = 4000
    total_s: float = 60.0


async def run_tests(code: str, suites: Mapping[Suite, str], *, limits: Limits | None = None) -> CodeRun:
    """What becomes of each test in `suites` (their sources), which import the code as `solution`.

    Raises SandboxError where no test could be run at all, which is never the code's doing.
    """
    limits = limits or Limits()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soundcheck-code-") as folder:
        job = {"folder": folder, "code": code, "suites": dict(suites), "limits": asdict(limits)}
        lines = await _serve(json.dumps(job).encode(), folder, limits.total_s + _GRACE_S)
    return _code_run(lines, round(time.monotonic() - began, 2), limits.output_characters)


async def _serve(job: bytes, folder: str, within_s: float) -> list[bytes]:
    """The lines that the server wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", "-u", "-m", "rubrics.sandbox.server"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(folder),
        cwd=folder,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(within_s):
            told, complaint = await process.communicate(job)
    except TimeoutError as error:
        raise SandboxError(
            f"tests: the sandbox did not end within {within_s:.0f} s\n  fix: try again"
        ) from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.returncode != 0:
        last = (complaint.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"])[-1]
        raise SandboxError(f"tests: the sandbox could not run: {last}\n  fix: soundcheck doctor")
    return told.splitlines()


def _environment(folder: str) -> dict[str, str]:
    """Nothing of the user's: no keys, no paths, no home."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    scratch = f"{folder}/scratch"
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": scratch, "TMPDIR": scratch, **single}


def _code_run(lines: list[bytes], seconds: float, output_characters: int) -> CodeRun:
    walls, *rows = map(json.loads, lines)
    printed = [(row["suite"], row.pop("output")) for row in rows]
    output = "".join(text for suite, text in printed if suite == "visible")[:output_characters]
    outcomes = [Outcome.model_validate(row) for row in rows]
    return CodeRun(tests=outcomes, seconds=seconds, output=output, walls=walls["walls"])
