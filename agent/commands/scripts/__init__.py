"""`soundcheck script`: one module for each part of a script's life."""

import typer

from agent.commands.scripts import pilot, writing

app = typer.Typer(
    no_args_is_help=True,
    help="The recruiter's desk: write, check, pilot and conduct a screening script, then review what was said.",
)
app.command()(writing.new)
app.command()(writing.lint)
app.command()(writing.show)
app.command()(writing.diff)
app.command()(pilot.pilot)
