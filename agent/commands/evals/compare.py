"""`soundcheck eval compare`: what changed from one run to another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.options import AsJson, Seed

if TYPE_CHECKING:
    from evals.comparing import Comparison
    from evals.scores import Figure


def compare(
    a: Annotated[
        Path, typer.Argument(metavar="A", exists=True, dir_okay=False, help="The log to compare with.")
    ],
    b: Annotated[Path, typer.Argument(metavar="B", exists=True, dir_okay=False, help="The newer log.")],
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """What changed from run A to run B over the same answers, with paired intervals. Needs no model."""
    from evals.comparing import compare as compare_logs
    from evals.runlog import read_log

    found = compare_logs(read_log(a), read_log(b), seed=seed)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show(Console(), found)


def _show(console: Console, found: "Comparison") -> None:
    apart = Table("run card", "A", "B", box=None)
    for name, values in found.differs.items():
        apart.add_row(name, *(value[:60] for value in values))
    console.print(apart if found.differs else "The run cards are the same: what differs is chance.")
    console.print(
        f"\n{found.answers} answers scored by both ({found.only_a} by A alone, {found.only_b} by B alone); "
        f"{found.flips:.0%} change their whole level. Differences are B less A.\n",
        highlight=False,
    )
    console.print(_rows(found), "")
    if found.groups:
        console.print(_groups(found), "")
    if found.moved:
        console.print(_moved(found))


def _rows(found: "Comparison") -> Table:
    from evals.wording import two

    table = Table("row", "answers", "kappa A", "kappa B", "difference", "", "error", "level", box=None)
    for row in found.rows:
        table.add_row(
            row.row,
            str(row.answers),
            two(row.kappa_a),
            two(row.kappa_b),
            *_difference(row.kappa, "better", "worse"),
            _difference(row.error)[0],
            _difference(row.level)[0],
        )
    return table


def _groups(found: "Comparison") -> Table:
    from evals.fairness import FEWEST

    table = Table("group", "answers", "error", "", "level", "", box=None)
    for group in found.groups:
        enough = group.answers >= FEWEST
        table.add_row(
            group.name,
            str(group.answers),
            *_difference(group.error, *(("worse", "better") if enough else ())),
            *_difference(group.level, *(("higher", "lower") if enough else ())),
        )
    return table


def _moved(found: "Comparison") -> Table:
    from evals.wording import two

    table = Table("moved most", "target", "A", "B", "question", box=None)
    for move in found.moved:
        table.add_row(move.id, f"{move.target:g}", two(move.a), two(move.b), move.question)
    return table


def _difference(figure: "Figure", up: str = "", down: str = "") -> tuple[str, str]:
    """The figure, and what it means where its interval leaves out nought."""
    from evals.wording import with_interval

    clear = figure.low is not None and figure.high is not None
    word = up if clear and (figure.low or 0) > 0 else down if clear and (figure.high or 0) < 0 else ""
    return with_interval(figure), word
