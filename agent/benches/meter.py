"""What a conversation costs: processor time, memory, and processor time of recognition alone."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import psutil
from pydantic import BaseModel, ConfigDict

_LOOK_EVERY_S = 0.5
_MIB = 1 << 20


class Cost(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    processor_s: float
    """Of the side's process and the language model's server."""
    recognition_processor_s: float
    """Of speech recognition alone; part of the former."""
    answers_s: float
    """How much speech that was for."""
    start_mib: float
    """Memory of both processes before the first conversation."""
    peak_mib: float


class Meter:
    """Counts between entering and leaving it, for the processes with these ids."""

    def __init__(self, *pids: int) -> None:
        self._processes = [psutil.Process(pid) for pid in pids]
        self._stop = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self.processor_s = 0.0
        self.start_mib = self.peak_mib = 0.0

    def __enter__(self) -> Self:
        self.start_mib = self.peak_mib = self._memory_mib()
        self._began_s = self._processor_s()
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.processor_s = self._processor_s() - self._began_s
        self._stop.set()
        self._watching.join()

    def cost(self, recognition_processor_s: float, answers_s: float) -> Cost:
        return Cost(
            processor_s=round(self.processor_s, 2),
            recognition_processor_s=round(recognition_processor_s, 2),
            answers_s=round(answers_s, 1),
            start_mib=round(self.start_mib),
            peak_mib=round(self.peak_mib),
        )

    def _processor_s(self) -> float:
        return float(sum(sum(process.cpu_times()[:2]) for process in self._processes))

    def _memory_mib(self) -> float:
        return float(sum(process.memory_info().rss for process in self._processes)) / _MIB

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_S):
            self.peak_mib = max(self.peak_mib, self._memory_mib())


def replayed_s(call: Callable[..., Any], heard: Sequence[tuple[Any, ...]]) -> float:
    """Processor time of these calls, made again one after the other with nothing beside them."""
    began_s = time.process_time()
    for arguments in heard:
        call(*arguments)
    return time.process_time() - began_s
