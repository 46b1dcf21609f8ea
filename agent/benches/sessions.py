"""How delays and memory grow when several people are interviewed on one machine at the same time.

They share the speech models and the language model's server. Each number of sessions gets a process of its own.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from pydantic import BaseModel, ConfigDict
from rich.table import Table

from agent.benches.meter import Cost
from agent.benches.sides import Side, run_crowd
from agent.language_server import ensure_server
from agent.settings import Settings
from agent.voice.latency import Step, step_of

LENGTHS_S = (10.0, 20.0, 30.0, 60.0)
QUICK_LENGTHS_S = (10.0, 20.0)


class Crowd(BaseModel):
    """So many interviews at the same time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sessions: int
    answers: int
    first_sound: Step | None
    first_content: Step | None
    unanswered: int
    cut_ins: int
    cost: Cost


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    crowds: list[Crowd]
    mib_per_session: float | None
    """What one more session adds to the memory at its peak; None where only one number was measured."""


def bench_sessions(
    settings: Settings,
    numbers: Sequence[int],
    lengths_s: Sequence[float],
    *,
    progress: Callable[[str], None] = lambda text: None,
) -> Report:
    """Raises SoundcheckError about the models."""
    crowds = []
    with ensure_server(settings):
        for number in numbers:
            progress(f"{number} interviews at a time")
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                side = pool.submit(run_crowd, settings, list(lengths_s), number).result()
            crowds.append(crowd_of(number, side))
    return report_of(crowds)


def crowd_of(sessions: int, side: Side) -> Crowd:
    sounds = [d.first_sound_s for d in side.delays if d.first_sound_s is not None]
    contents = [d.first_content_s for d in side.delays if d.first_content_s is not None]
    return Crowd(
        sessions=sessions,
        answers=len(side.delays),
        first_sound=step_of(sounds) if sounds else None,
        first_content=step_of(contents) if contents else None,
        unanswered=len(side.delays) - len(contents),
        cut_ins=sum(d.cut_ins for d in side.delays),
        cost=side.cost,
    )


def report_of(crowds: Sequence[Crowd]) -> Report:
    fewest, most = min(crowds, key=lambda c: c.sessions), max(crowds, key=lambda c: c.sessions)
    more = most.sessions - fewest.sessions
    growth = (most.cost.peak_mib - fewest.cost.peak_mib) / more if more else None
    return Report(crowds=list(crowds), mib_per_session=None if growth is None else round(growth, 1))


def table(report: Report) -> Table:
    """The report for a reader."""
    shown = Table(
        "at a time", "answers", "first sound s", "p95", "first content s", "p95", "unanswered", "cut-ins",
        "processor s a minute", "peak MiB", box=None,
    )  # fmt: skip
    for crowd in report.crowds:
        cells = [
            f"{value:.2f}"
            for step in (crowd.first_sound, crowd.first_content)
            for value in ((step.median_s, step.p95_s) if step else ())
        ]
        shown.add_row(
            str(crowd.sessions),
            str(crowd.answers),
            *(cells if len(cells) == 4 else ["-"] * 4),
            str(crowd.unanswered),
            str(crowd.cut_ins),
            f"{crowd.cost.processor_s / crowd.cost.answers_s * 60:.1f}",
            f"{crowd.cost.peak_mib:.0f}",
        )
    return shown
