"""`soundcheck script`: one module for each part of a script's life."""

import typer

from agent.commands.scripts import pilot, reviewing, running, writing

app = typer.Typer(
    no_args_is_help=True,
    help="The recruiter's desk: write, check, pilot and conduct a screening script, then review what was said.",
)
app.command()(writing.new)
app.command()(writing.lint)
app.command()(writing.show)
app.command()(writing.diff)
app.command()(pilot.pilot)
app.command()(running.run)
app.command()(reviewing.review)
app.command()(reviewing.audit)
app.command()(reviewing.impact)
app.command()(reviewing.export)
app.command()(reviewing.delete)
