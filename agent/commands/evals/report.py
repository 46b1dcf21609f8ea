"""`soundcheck eval report`: a run as a page and as Markdown."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.evals.options import Again, Beside, Fitted, Log, Seed

Out = Annotated[Path, typer.Option(file_okay=False, help="Folder for report.html and report.md.")]


def report(
    log: Log, out: Out, beside: Beside = None, again: Again = None, fitted: Fitted = None, seed: Seed = 0
) -> None:
    """Write report.html and report.md of a run: figures, plots, gates, and the worst answers. Needs no model."""
    from agent.sessions import write_atomically
    from evals.reporting.html import render_html
    from evals.reporting.markdown import render_markdown
    from evals.scoring import score_files

    scores = score_files(log, beside or [], again or [], fitted=fitted, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in (("report.html", render_html(scores)), ("report.md", render_markdown(scores))):
        write_atomically(out / name, text)
        typer.echo(out / name)
