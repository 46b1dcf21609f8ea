"""`soundcheck bench`: how quick and how robust it is on this machine."""

import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from agent.errors import SoundcheckError
from agent.settings import load_settings
from agent.starting import listed

app = typer.Typer(no_args_is_help=True, help="Measure how quick and how robust it is on this machine.")
START_BAR_S = 8.0
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Peer = Literal["stock", "pipecat", "both", "none"]
Runs = Annotated[int, typer.Option("-n", min=1, help="How often.")]


@app.command()
def startup(runs: Runs = 3, as_json: Json = False) -> None:
    """Seconds from the command to the interviewer's first word, with the model server down and up."""
    from agent.benches.startup import time_starts

    with Console(stderr=True).status("starting interviews"):
        starts = asyncio.run(time_starts(load_settings(), runs))
    rows = {
        label: statistics.median(s.first_word_s for s in starts if s.server_was_running == up)
        for label, up in (("server down", False), ("server up", True))
    }
    if as_json:
        typer.echo(
            json.dumps({"starts": [s.model_dump() for s in starts], "median_s": rows, "bar_s": START_BAR_S})
        )
        return
    table = Table("first spoken word", "median s", "bar s", box=None)
    for label, median_s in rows.items():
        table.add_row(label, f"{median_s:.1f}", f"{START_BAR_S:.0f}")
    Console().print(table)


@app.command()
def resume(runs: Runs = 4, as_json: Json = False) -> None:
    """Kill typed interviews at random instants, start them again, and look for what was lost or asked twice."""
    from evals.resuming import survive

    with tempfile.TemporaryDirectory() as root, Console(stderr=True).status("killing interviews") as status:
        results = [
            asyncio.run(survive(_folder(root, seed), seed, lambda kills: status.update(f"{kills} kills")))
            for seed in range(runs)
        ]
    total: dict[str, Any] = {
        name: sum(getattr(result, name) for result in results)
        for name in ("kills", "kills_in_a_turn", "answered", "lost", "asked_again")
    }
    if as_json:
        typer.echo(json.dumps({"interviews": runs, **total}))
    else:
        table = Table("interviews", *(name.replace("_", " ") for name in total), box=None)
        table.add_row(str(runs), *map(str, total.values()))
        Console().print(table)
    raise typer.Exit(1 if total["lost"] or total["asked_again"] else 0)


@app.command()
def turns(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.jsonl]", help="Scenarios; left out, the shipped ones.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only the scenarios marked for it.")] = False,
    at_once: Annotated[int | None, typer.Option(min=1, help="Scenarios at a time.")] = None,
    as_json: Json = False,
) -> None:
    """Speak scenarios through the real loop: who is cut off, and how long answers wait for a reply."""
    from agent.benches.turns import bench_turns, turns_table

    console = Console(stderr=True)
    with console.status("loading the models") as status:
        report = bench_turns(load_settings(), file, quick=quick, at_once=at_once, progress=status.update)
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        Console().print(turns_table(report))


@app.command()
def latency(
    quick: Annotated[
        bool, typer.Option("--quick", help="No answers of 180 s, and each length once.")
    ] = False,
    repeats: Annotated[int, typer.Option("-n", min=1, help="How many answers of each length.")] = 3,
    lengths: Annotated[
        str | None, typer.Option(help="Seconds that answers last, separated by commas.")
    ] = None,
    peer: Annotated[
        Peer,
        typer.Option(help="Beside what: a stock livekit-agents pipeline, pipecat (installed once), or both."),
    ] = "stock",
    as_json: Json = False,
) -> None:
    """Seconds until a reply, after answers of 10, 60 and 180 s, beside other frameworks on the same models."""
    from agent.benches.latency import LENGTHS_S, PEERS, QUICK_LENGTHS_S, bench_latency, tables

    with Console(stderr=True).status("") as status:
        report = bench_latency(
            load_settings(),
            _seconds(lengths) or (QUICK_LENGTHS_S if quick else LENGTHS_S),
            repeats=1 if quick else repeats,
            peers=PEERS[peer],
            progress=status.update,
        )
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        Console().print(tables(report))


@app.command()
def sessions(
    number: Annotated[int, typer.Option("-n", min=1, help="Interviews at the same time.")] = 3,
    quick: Annotated[
        bool, typer.Option("--quick", help="Two short answers each; about four minutes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """How delays and memory grow with several spoken interviews on this machine at the same time."""
    from agent.benches.sessions import LENGTHS_S, QUICK_LENGTHS_S, bench_sessions, table

    with Console(stderr=True).status("") as status:
        report = bench_sessions(
            load_settings(),
            sorted({1, number}),
            QUICK_LENGTHS_S if quick else LENGTHS_S,
            progress=status.update,
        )
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        Console().print(table(report))


@app.command()
def room(
    minutes: Annotated[float, typer.Option(min=1, help="How long to talk.")] = 5.0, as_json: Json = False
) -> None:
    """Seconds until the room's page is there and until captions follow, and memory over a long session."""
    from agent.benches.room import CAPTION_BAR_S, PAGE_BAR_S, bench_room

    with Console(stderr=True).status("") as status:
        report = asyncio.run(bench_room(load_settings(), minutes, progress=status.update))
    if as_json:
        typer.echo(report.model_dump_json())
        return
    table = Table("room", "median", "p95", "bar", box=None)
    table.add_row("page after the start, s", f"{report.page_s:.2f}", "", f"{PAGE_BAR_S}")
    for label, step, bar in (
        ("caption behind the voice, s", report.captions, f"{CAPTION_BAR_S}"),
        ("first sound of a reply, first half, s", report.replies_early, ""),
        ("first sound of a reply, second half, s", report.replies_late, ""),
    ):
        if step is not None:
            table.add_row(label, f"{step.median_s:.2f}", f"{step.p95_s:.2f}", bar)
    settled = "measured from 10 minutes on" if report.settled_mib is None else f"{report.settled_mib:.0f}"
    table.add_row("memory, after 5 minutes, MiB", settled, "", "")
    table.add_row("memory, at the end, MiB", f"{report.end_mib:.0f}", "", "")
    Console().print(table)


@app.command()
def transcribe(
    wav: Annotated[Path | None, typer.Argument(metavar="[WAV]", help="A recording of your own.")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="A file with what is said in it.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One answer, one model.")] = False,
    as_json: Json = False,
) -> None:
    """Word error rate and processor time of the live transcript, against one pass over the whole recording."""
    from agent.benches.transcribe import bench_transcribe, transcribe_table
    from agent.voice.terminal import keep_logs_quiet

    if (wav is None) != (text is None):
        raise typer.BadParameter(
            "a recording needs --text FILE with what is said in it, and the other way round"
        )
    recording = (wav, read_text(text)) if wav is not None and text is not None else None
    settings = load_settings()
    keep_logs_quiet(settings)
    with Console(stderr=True).status("loading the models") as status:
        report = asyncio.run(bench_transcribe(settings, recording, quick=quick, progress=status.update))
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        Console().print(transcribe_table(report))


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SoundcheckError(f"{path}: cannot be read as text: {error}") from error


def _seconds(lengths: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(length) for length in listed(lengths))
    except ValueError as error:
        raise typer.BadParameter("numbers of seconds, separated by commas", param_hint="--lengths") from error


def _folder(root: str, seed: int) -> Path:
    folder = Path(root) / str(seed)
    folder.mkdir()
    return folder
