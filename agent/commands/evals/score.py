"""`soundcheck eval score`: computes a run's figures again from its log."""

import typer
from rich.console import Console

from agent.commands.evals.exits import BELOW_BAR
from agent.commands.evals.options import Again, Anew, AsJson, Beside, Log, Seed


def score(
    log: Log,
    beside: Beside = None,
    again: Again = None,
    seed: Seed = 0,
    anew: Anew = False,
    as_json: AsJson = False,
) -> None:
    """Every figure and gate of a run, beside its rivals. Needs no model. Exit code 3 where a gate fails."""
    from agent.commands.evals.show import show_scores
    from evals.gates import failed
    from evals.scoring import score_files

    scores = score_files(log, beside or [], again or [], seed=seed, anew=anew)
    if as_json:
        typer.echo(scores.model_dump_json(indent=2))
    else:
        show_scores(Console(), scores)
    raise typer.Exit(BELOW_BAR if failed(scores.gates) else 0)
