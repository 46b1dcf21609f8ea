"""A process for one test: it goes behind the walls, does what it is given and hands back a secret with the outcome."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, NoReturn, TypedDict

from rubrics.sandbox import walls
from rubrics.sandbox.landlock import Landlock


class Limits(TypedDict):
    test_s: float
    wait_s: float
    total_s: float
    memory_mb: int
    file_mb: int
    output_characters: int


class Place(NamedTuple):
    """Where children work."""

    scratch: Path
    landlock: Landlock | None
    limits: Limits


class Ended(NamedTuple):
    """How a child ended, and what it left."""

    report: bytes
    output: str
    in_time: bool
    status: int
    seconds: float
    peak_mb: float

    def said(self, secret: str) -> str | None:
        """What it reported; None where it has not handed back the secret."""
        told, _, said = self.report.decode("utf-8", "replace").partition("\n")
        return said if told == secret else None


def run_in_child(outcome: Callable[[], str | None], secret: str, place: Place, deadline: float) -> Ended:
    """`outcome` runs in a child that is killed at `deadline` (of time.monotonic)."""
    report, reporting = os.pipe()
    output, printing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_child(outcome, secret, place, reporting, printing)
    os.close(reporting)
    os.close(printing)
    texts, in_time = _read({report: b"", output: b""}, deadline, 4 * place.limits["output_characters"])
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    os.close(report)
    os.close(output)
    peak_mb = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    printed = texts[output].decode("utf-8", "replace")
    return Ended(texts[report], printed, in_time, status, time.monotonic() - began, peak_mb)


def _read(texts: dict[int, bytes], deadline: float, most: int) -> tuple[dict[int, bytes], bool]:
    """The beginning of what a child writes until it closes its ends, and whether that was in time."""
    left = set(texts)
    while left:
        wait_s = deadline - time.monotonic()
        if wait_s <= 0:
            return texts, False
        for ready in select.select(left, [], [], wait_s)[0]:
            if not (text := os.read(ready, 1 << 16)):
                left.discard(ready)
            elif len(texts[ready]) < most:
                texts[ready] += text
    return texts, True


def _be_the_child(
    outcome: Callable[[], str | None], secret: str, place: Place, reporting: int, printing: int
) -> NoReturn:
    """Whatever goes wrong in here, the secret is not handed back."""
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (printing, 1), (printing, 2)):
            os.dup2(source, target)
        kept = {reporting, place.landlock.rules if place.landlock else reporting}
        for number in set(range(3, walls.OPEN_FILES)) - kept:
            with suppress(OSError):
                os.close(number)
        os.chdir(place.scratch)
        limits = place.limits
        walls.enter(
            place.landlock, cpu_s=limits["test_s"], memory_mb=limits["memory_mb"], file_mb=limits["file_mb"]
        )
        failure = outcome()
        os.write(reporting, f"{secret}\n{json.dumps(failure)}".encode())
    finally:
        os._exit(0)
