"""`soundcheck eval fairness`: does the form of an answer move its level?"""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.exits import BELOW_BAR
from agent.commands.evals.options import AsJson, Log, Seed

if TYPE_CHECKING:
    from evals.fairness import Fairness, GroupFairness


def fairness(
    log: Log,
    kind: Annotated[str, typer.Option(help="Of the groups that the dataset names.")] = "form",
    reference: Annotated[str, typer.Option(help="The group that the others are compared with.")] = "plain",
    cut: Annotated[float, typer.Option(min=1, max=5, help="Level from which an answer passes.")] = 3.0,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Levels of dialect, hedged or misheard answers against plain ones of the same target. Needs no model.

    Exit code 3 where a standardised difference is above its bar. Groups of fewer than 20 answers get no verdict.
    """
    from evals.fairness import fairness as measure
    from evals.gates import failed
    from evals.runlog import read_log

    found = measure(read_log(log), kind=kind, reference=reference, cut=cut, seed=seed)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show(Console(), found)
    raise typer.Exit(BELOW_BAR if failed(found.gates) else 0)


def _show(console: Console, found: "Fairness") -> None:
    from agent.commands.evals.show import gates_table
    from evals.wording import with_interval

    console.print(
        f"{found.answers} answers of {found.card.dataset}, {found.reference_answers} of them {found.reference}\n"
        f"rated: {found.provenance}; intervals are of 95 %, resampled by question\n"
        "about how answers were worded, not about people",
        highlight=False,
    )
    shifts = Table(
        found.kind, "answers", "shift in levels at equal target", "standardised difference", box=None
    )
    passing = Table(
        found.kind, f"graded / {found.reference}", "ratio", "rated", "ratio", "Fisher's p", "", box=None
    )
    for group in found.groups:
        matched = f"{group.answers}" + (
            f" ({group.matched} matched)" if group.matched < group.answers else ""
        )
        shifts.add_row(group.name, matched, with_interval(group.shift), with_interval(group.standardised))
        passing.add_row(group.name, *_passing(group), f"{group.fisher_p:.3f}", _four_fifths(group))
    console.print("", shifts)
    console.print(f"\nshare of answers at or above level {found.cut:g}, as graded and as rated", passing)
    console.print("\ngates", gates_table([gate for gate in found.gates if gate.verdict != "no verdict"]))
    if few := [f"{group.name} ({group.answers})" for group in found.groups if group.few]:
        console.print(f"\ntoo few answers for a verdict: {', '.join(few)}", highlight=False)


def _passing(group: "GroupFairness") -> list[str]:
    from evals.wording import two

    return [
        cell
        for passing in (group.graded, group.rated)
        for cell in (f"{passing.group:.0%} / {passing.reference:.0%}", two(passing.ratio))
    ]


def _four_fifths(group: "GroupFairness") -> str:
    return "too few" if group.few else "below 4/5" if group.below_four_fifths else ""
