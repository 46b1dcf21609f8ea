"""`soundcheck script pilot`: simulated candidates answer the script before a person does."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.exits import BELOW_BAR
from agent.commands.scripts.writing import AsJson, ScriptName
from agent.settings import load_settings
from agent.starting import listed

if TYPE_CHECKING:
    from agent.piloting import Kept
    from evals.pilot.models import PilotReport
    from evals.pilot.running import Pilot


def pilot(
    script: ScriptName,
    levels: Annotated[str | None, typer.Option(help="weak, mixed, strong; left out, all.")] = None,
    manners: Annotated[
        str | None, typer.Option(help="plain, dialect, hedging, terse, nervous; left out, all.")
    ] = None,
    people: Annotated[
        int, typer.Option(min=1, max=20, help="For each level; each speaks in every manner.")
    ] = 2,
    answers: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Answers to your script's questions, as in graphs/answers."
        ),
    ] = None,
    spoken: Annotated[
        bool, typer.Option("--spoken", help="Through the voice loop: slow, about real time.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="By default in the folder pilots.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try a script on simulated candidates and say what to change. The same command carries on where it was broken off.

    Exit code 3 where the intended order is not found, or a manner of speaking moves the level.
    """
    from agent.desk.checking import CANNOT_BE_GRADED, checked
    from agent.piloting import kept
    from evals.gates import failed
    from evals.pilot.cast import cast
    from evals.pilot.running import Pilot
    from knowledge.loader import load_content

    settings = load_settings()
    work = Pilot(
        checked(script, CANNOT_BE_GRADED)[0],
        cast(listed(levels), listed(manners), people),
        load_content(settings.guide),
        answers,
    )
    where = kept(settings, work, out)
    try:
        report = asyncio.run(_run(work, where, spoken=spoken))
    except KeyboardInterrupt:
        typer.echo("interrupted: every graded answer is kept; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        show(report, Console(highlight=False))
        typer.echo(f"report: {where.page}")
    raise typer.Exit(BELOW_BAR if failed(report.gates) else 0)


async def _run(work: "Pilot", where: "Kept", *, spoken: bool) -> "PilotReport":
    from contextlib import AsyncExitStack

    from agent.piloting import run_pilot
    from agent.work import bar_on

    settings, console = load_settings(), Console(stderr=True, highlight=False)
    async with AsyncExitStack() as stack:
        talking = stack.enter_context(bar_on(console, "talking", "candidates"))
        grading = stack.enter_context(bar_on(console, "grading", "answers"))
        conduct = None
        if spoken:
            from agent.spoken_pilot import spoken_calls

            conduct = await stack.enter_async_context(spoken_calls(settings, work))
        return await run_pilot(
            settings, work, where, conduct=conduct, talking=talking.show, grading=grading.show
        )


def show(report: "PilotReport", console: Console) -> None:
    from evals.wording import two, with_interval

    table = Table(
        "question",
        "min",
        "planned",
        "tells apart",
        "level",
        "no quote",
        "probes",
        "floor",
        "ceiling",
        box=None,
    )
    for q in report.questions:
        table.add_row(
            q.id.rpartition("/")[2],
            f"{q.minutes:g}",
            f"{q.planned_minutes:g}",
            two(q.discrimination),
            two(q.difficulty),
            f"{q.missing_evidence:.0%}",
            f"{q.probes:g}",
            f"{q.floor:.0%}",
            f"{q.ceiling:.0%}",
        )
    console.print(
        f"{report.version}: simulated candidates: {len(report.candidates)}, {report.minutes:g} minutes each\n",
        table,
    )
    console.print(
        f"\norder of the intended levels: tau {with_interval(report.tau)}, tau-b {two(report.tau_b)}"
    )
    for m in report.manners:
        console.print(f"{m.manner}: {with_interval(m.effect)} levels against plain")
    for gate in report.gates:
        console.print(f"{gate.name}: {two(gate.figure)} ({gate.sense} {gate.bar:g}), {gate.verdict}")
    if not report.authored_answers:
        console.print(
            "answers were put together from stories, not written for these questions: expect lower figures, "
            "or give answers of your own with --answers",
            style="yellow",
        )
    if not report.calibrated:
        console.print("levels are not calibrated for this model and rubric", style="yellow")
    console.print("")
    for advice in report.advice:
        console.print(f"- {advice.text}", markup=False)
