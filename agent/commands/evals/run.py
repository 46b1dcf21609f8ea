"""`soundcheck eval run`: grades a dataset into a log and scores it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from agent.commands.evals.exits import BELOW_BAR
from agent.commands.evals.options import AsJson, Seed
from agent.settings import load_settings

if TYPE_CHECKING:
    from agent.eval_runs import EvalRun
    from evals.runlog import RunLog

Split = Annotated[
    Literal["calibration", "validation", "test", "all"], typer.Option(help="Of a dataset that names splits.")
]


def run(
    dataset: Annotated[str, typer.Option(metavar="gold|FILE", help="gold, or a JSON Lines file.")] = "gold",
    split: Split = "test",
    rubric: Annotated[
        str | None,
        typer.Option(metavar="ID|FILE", help="Answers for this rubric only; a file of your own too."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Draw so many answers; 0 for all.")] = 0,
    seed: Seed = 0,
    log: Annotated[
        Path | None, typer.Option(dir_okay=False, help="By default in the folder runs of the data folder.")
    ] = None,
    judge: Annotated[
        str,
        typer.Option(
            help="checks; structured, for strong models; naive: the rival that asks for a JSON score."
        ),
    ] = "checks",
    parallel: Annotated[int, typer.Option(min=1, help="Answers at a time; for endpoints.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Grade a dataset into a log and score it. The same command carries on where it was broken off.

    Exit code 3 where a gate fails; a run of fewer than 100 answers gets no verdict.
    """
    from agent.commands.evals.show import show_scores
    from agent.eval_runs import JUDGES, EvalRun
    from evals.gates import failed
    from evals.scoring import Beside, score
    from evals.selecting import name_of, select
    from rubrics.loader import load_rubric, load_rubrics

    if judge not in JUDGES:
        raise typer.BadParameter(f"use one of {', '.join(JUDGES)}", param_hint="--judge")
    own = Path(rubric) if rubric and rubric.endswith((".yaml", ".yml")) else None
    rubrics, only = load_rubrics(own), load_rubric(own).id if own else rubric
    items = select(dataset, split=split, rubric=only, limit=limit, seed=seed)
    found = _graded(EvalRun(items, name_of(dataset, split, items), rubrics, judge, seed, parallel), log)
    scores = score(found, Beside(rubrics=rubrics), seed=seed)
    if as_json:
        typer.echo(scores.model_dump_json(indent=2))
    else:
        show_scores(Console(), scores)
    raise typer.Exit(BELOW_BAR if failed(scores.gates) else 0)


def _graded(work: "EvalRun", log: Path | None) -> "RunLog":
    """The log read back. Its name, and what is missing in it, are printed beside the output."""
    import asyncio

    from agent.work import bar_on

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        with bar_on(console, "grading", "answers") as bar:
            path, found = asyncio.run(work.execute(load_settings(), log, bar.show))
    except KeyboardInterrupt:
        console.print("interrupted: every graded answer is kept; the same command goes on from here")
        raise typer.Exit(130) from None
    console.print(f"log: {path}", markup=False)
    if missing := len(work.items) - len(found.graded):
        console.print(
            f"{missing} answers: the model failed; the same command tries them again", style="yellow"
        )
    return found
