"""The command line: puts the commands together and turns our errors into one clear message."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from agent.commands import (
    bench,
    demo,
    doctor,
    evals,
    grade,
    index,
    models,
    report,
    scripts,
    search,
    serve,
    sessions,
    talk,
    type,
    validate,
    worker,
)
from agent.errors import SoundcheckError
from evals.errors import EvalError
from graphs.errors import GraphError
from knowledge.errors import KnowledgeError
from rubrics.errors import GradingError

app = typer.Typer(
    name="soundcheck",
    help="Rehearse a whole interview loop out loud, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(serve.serve)
app.command()(talk.talk)
app.command("type")(type.type_)
app.command()(demo.demo)
app.add_typer(sessions.sessions, name="sessions")
app.command()(report.report)
app.command()(search.search)
app.command()(grade.grade)
app.add_typer(scripts.app, name="script")
app.add_typer(evals.app, name="eval")
app.add_typer(bench.app, name="bench")
app.command()(index.index)
app.command()(validate.validate)
app.add_typer(models.app, name="models")
app.command()(worker.worker)
app.command()(doctor.doctor)


@app.callback()
def _soundcheck() -> None:
    """Rehearse a whole interview loop out loud, on your own machine."""


def main() -> None:
    try:
        app()
    except (SoundcheckError, GraphError, KnowledgeError, GradingError, EvalError) as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True)  # commands in a message can be copied
        console.print(f"[red]error:[/red] {escape(str(error))}")
        sys.exit(1)
