"""How soon a reply comes after answers of 10, 60 and 180 s, beside other frameworks' pipelines on the same models.

Each side runs in a process of its own, one after the other, in real time; all use the one language model server.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from pydantic import BaseModel, ConfigDict
from rich.console import Group as Tables
from rich.table import Table

from agent.benches.meter import Cost
from agent.benches.peers.installing import environment_of
from agent.benches.sides import Side, SideName, run_side
from agent.benches.spoken import Delay
from agent.language_server import ensure_server
from agent.settings import Settings
from agent.voice.latency import Step, step_of

PEERS: dict[str, tuple[SideName, ...]] = {
    "stock": ("livekit-agents",),
    "pipecat": ("pipecat",),
    "both": ("livekit-agents", "pipecat"),
    "none": (),
}
LENGTHS_S = (10.0, 60.0, 180.0)
QUICK_LENGTHS_S = (10.0, 60.0)


class Group(BaseModel):
    """Answers of one length at one side."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: SideName
    answer_s: float
    answers: int
    first_sound: Step | None
    first_content: Step | None
    spent: dict[str, Step]
    cut_ins: int


_NOTHING = Group(
    side="soundcheck", answer_s=0.0, answers=0, first_sound=None, first_content=None, spent={}, cut_ins=0
)
_BARS: dict[str, float] = {
    "sound_longest_to_shortest": 1.2,
    "content_longest_to_shortest": 1.2,
    "content_to_stock": 0.6,
    "recognition_to_stock": 0.5,
}


class Ratios(BaseModel):
    """Of medians, for the bars; None where one side of the fraction was not measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sound_longest_to_shortest: float | None
    content_longest_to_shortest: float | None
    content_to_stock: float | None
    recognition_to_stock: float | None
    content_to_pipecat: float | None
    recognition_to_pipecat: float | None


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: list[Group]
    costs: dict[SideName, Cost]
    ratios: Ratios


def bench_latency(
    settings: Settings,
    lengths_s: Sequence[float],
    *,
    repeats: int,
    peers: Sequence[SideName],
    progress: Callable[[str], None] = lambda text: None,
) -> Report:
    """Raises SoundcheckError about the models, and about a peer that cannot be installed or does not answer."""
    sides: tuple[SideName, ...] = ("soundcheck", *peers)
    found: dict[SideName, Side] = {}
    if "pipecat" in peers:
        environment_of("pipecat", settings, progress=progress)
    with ensure_server(settings):
        for side in sides:
            progress(f"{side}: {repeats} x answers of {', '.join(f'{s:.0f}' for s in lengths_s)} s")
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                found[side] = pool.submit(run_side, side, settings, list(lengths_s) * repeats).result()
    return report_of(found)


def report_of(sides: Mapping[SideName, Side]) -> Report:
    groups = [
        _group(name, length_s, [d for d in side.delays if d.answer_s == length_s])
        for name, side in sides.items()
        for length_s in sorted({d.answer_s for d in side.delays})
    ]
    costs = {name: side.cost for name, side in sides.items()}
    return Report(groups=groups, costs=costs, ratios=_ratios(groups, costs))


def _group(side: SideName, length_s: float, delays: Sequence[Delay]) -> Group:
    spent: dict[str, list[float]] = {}
    for delay in delays:
        for name, seconds in delay.spent_s.items():
            spent.setdefault(name, []).append(seconds)
    return Group(
        side=side,
        answer_s=length_s,
        answers=len(delays),
        first_sound=_step([d.first_sound_s for d in delays]),
        first_content=_step([d.first_content_s for d in delays]),
        spent={name: step_of(values) for name, values in spent.items()},
        cut_ins=sum(d.cut_ins for d in delays),
    )


def _step(values: Sequence[float | None]) -> Step | None:
    known = [value for value in values if value is not None]
    return step_of(known) if known else None


def _ratios(groups: Sequence[Group], costs: Mapping[SideName, Cost]) -> Ratios:
    ours = _of_side(groups, "soundcheck")
    short, long = (ours[0], ours[-1]) if len(ours) > 1 else (_NOTHING, _NOTHING)
    return Ratios(
        sound_longest_to_shortest=_ratio(long.first_sound, short.first_sound),
        content_longest_to_shortest=_ratio(long.first_content, short.first_content),
        content_to_stock=_content_ratio(ours, _of_side(groups, "livekit-agents")),
        recognition_to_stock=_recognition_ratio(costs, "livekit-agents"),
        content_to_pipecat=_content_ratio(ours, _of_side(groups, "pipecat")),
        recognition_to_pipecat=_recognition_ratio(costs, "pipecat"),
    )


def _of_side(groups: Sequence[Group], side: SideName) -> list[Group]:
    return [group for group in groups if group.side == side]


def _content_ratio(ours: Sequence[Group], theirs: Sequence[Group]) -> float | None:
    """The worst of all lengths."""
    same = {group.answer_s: group for group in theirs}
    ratios = [_ratio(g.first_content, same[g.answer_s].first_content) for g in ours if g.answer_s in same]
    return max((ratio for ratio in ratios if ratio is not None), default=None)


def _recognition_ratio(costs: Mapping[SideName, Cost], peer: SideName) -> float | None:
    if "soundcheck" not in costs or peer not in costs:
        return None
    ours, theirs = costs["soundcheck"].recognition_processor_s, costs[peer].recognition_processor_s
    return round(ours / theirs, 3) if theirs else None


def _ratio(one: Step | None, other: Step | None) -> float | None:
    return round(one.median_s / other.median_s, 3) if one and other else None


def tables(report: Report) -> Tables:
    """The report for a reader."""
    delays = Table(
        "side", "answer s", "n", "first sound s", "p95", "first content s", "p95", "cut-ins", box=None
    )
    for group in report.groups:
        delays.add_row(
            group.side,
            f"{group.answer_s:.0f}",
            str(group.answers),
            *_cells(group.first_sound),
            *_cells(group.first_content),
            str(group.cut_ins),
        )
    spent = Table("side", "answer s", "median s spent on", box=None)
    for group in report.groups:
        told = ", ".join(f"{name} {step.median_s:.2f}" for name, step in group.spent.items())
        spent.add_row(group.side, f"{group.answer_s:.0f}", told)
    costs = Table("side", "processor s a minute", "of it recognition", "memory MiB", "at its peak", box=None)
    for name, cost in report.costs.items():
        minutes = cost.answers_s / 60
        costs.add_row(
            name,
            f"{cost.processor_s / minutes:.1f}",
            f"{cost.recognition_processor_s / minutes:.1f}",
            f"{cost.start_mib:.0f}",
            f"{cost.peak_mib:.0f}",
        )
    ratios = Table("ratio", "measured", "bar", box=None)
    for ratio, value in report.ratios:
        measured = "-" if value is None else f"{value:.2f}"
        ratios.add_row(ratio.replace("_", " "), measured, str(_BARS.get(ratio, "-")))
    return Tables(delays, spent, costs, ratios)


def _cells(step: Step | None) -> tuple[str, str]:
    return (f"{step.median_s:.2f}", f"{step.p95_s:.2f}") if step else ("-", "-")
