"""`soundcheck eval calibrate`: fits the levels of a rubric to a log's rated answers."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.evals.options import Log


def calibrate(
    log: Log,
    rubric: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="By default every shipped rubric in the log.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="By default where the grader looks for it.")
    ] = None,
) -> None:
    """Fit the levels of a rubric to rated answers, from a log. Needs no model; test answers are never used."""
    from evals.calibrating import calibrate as fit
    from evals.runlog import read_log
    from rubrics.calibration import FOLDER, save_calibration
    from rubrics.loader import shipped_rubrics

    found, rubrics = read_log(log), shipped_rubrics()
    wanted = rubric or sorted({each.item.rubric for each in found.graded} & set(rubrics))
    if unknown := set(wanted) - set(rubrics):
        raise typer.BadParameter(f"no rubric {', '.join(sorted(unknown))}", param_hint="--rubric")
    for name in wanted:
        made = fit(found, rubrics[name])
        path = save_calibration(made, out or FOLDER)
        typer.echo(f"{path}: {made.fitted.answers} answers to {made.fitted.questions} questions")
