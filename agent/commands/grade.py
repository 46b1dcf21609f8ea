"""`soundcheck grade`: grades a file of answers, one JSON object a line, and carries on where it stopped."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.settings import load_settings

if TYPE_CHECKING:
    from agent.batch_grading import Summary


def grade(
    source: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", exists=True, dir_okay=False, help="Answers to grade.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl", dir_okay=False, help="Grades; those it has are kept.")
    ],
    rubric: Annotated[
        Path | None, typer.Option(help="A rubric file of your own, beside the shipped ones.", dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON summary.")] = False,
) -> None:
    """Grade answers against a rubric, with quotes for every level.

    IN holds one object a line: id, rubric, question, answer, and optionally round and topic. A line that cannot be
    used is reported and the others are graded. Exit code 1 if any line could not be graded.
    """
    if source.exists() and target.exists() and source.samefile(target):
        raise typer.BadParameter("OUT.jsonl is IN.jsonl: name another file", param_hint="OUT.jsonl")
    summary = asyncio.run(_grade(source, target, rubric, quiet=as_json))
    if as_json:
        typer.echo(json.dumps(summary.model_dump(), indent=2))
    else:
        _show(summary, target)
    if summary.bad_lines or summary.unavailable:
        raise typer.Exit(1)


async def _grade(source: Path, target: Path, rubric: Path | None, *, quiet: bool) -> "Summary":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from agent.batch_grading import grade_file
    from agent.graders import make_grader
    from agent.language import open_language_model
    from rubrics.loader import load_rubrics

    settings, rubrics = load_settings(), load_rubrics(rubric)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    async with open_language_model(settings) as language:
        with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
            task = bar.add_task("grading", total=None)

            def progress(done: float, of: int) -> None:
                bar.update(task, completed=done, total=of)

            return await grade_file(
                make_grader(settings, language, rubrics), source, target, progress=progress
            )


def _show(summary: "Summary", target: Path) -> None:
    errors = Console(stderr=True, highlight=False)
    for fault in summary.bad_lines:
        errors.print(f"line {fault.line}: {fault.field}: {fault.message}", markup=False, style="yellow")
    typer.echo(
        f"graded {summary.graded}, {summary.unscored} of them unscored; "
        f"{summary.kept} were there already; {len(summary.bad_lines)} bad lines: {target}"
    )
    if summary.unavailable:
        errors.print(
            f"{summary.unavailable} answers: the language model failed; run the same command again to grade them",
            style="red",
        )
