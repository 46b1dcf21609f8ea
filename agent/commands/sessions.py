"""`soundcheck sessions`: what was recorded, and how to get at it or rid of it."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.errors import SessionError
from agent.sessions import SessionStore
from agent.settings import load_settings

sessions = typer.Typer(
    no_args_is_help=True, help="List, show, resume, delete and export recorded interviews."
)
SessionId = Annotated[str, typer.Argument(metavar="ID", help="The id, its beginning, or `last`.")]


@sessions.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the sessions of this machine, newest first."""
    found = SessionStore(load_settings().sessions_dir).list()
    if as_json:
        typer.echo(json.dumps([s.info.model_dump(mode="json") for s in found], indent=2))
        return
    if not found:
        typer.echo("no sessions yet: `soundcheck type`, `soundcheck talk` or `soundcheck demo` makes one")
        return
    table = Table(box=None)
    for column in ("id", "began", "how", "what", "report"):
        table.add_column(column)
    for session in found:
        report = "yes" if (session.folder / "report.html").exists() else "-"
        began = session.info.created.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(session.id, began, session.info.mode, session.info.title, report)
    Console().print(table)


@sessions.command()
def show(
    session_id: SessionId = "last",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Sum a session up from what is stored, and say where its report lies. Grades nothing and loads no model."""
    from agent.report.summary import print_summary
    from agent.report.write import read_report, write_report

    settings = load_settings()
    session = SessionStore(settings.sessions_dir).get(session_id)
    paths = asyncio.run(write_report(session, settings))
    if as_json:
        typer.echo(paths.json.read_text(encoding="utf-8"), nl=False)
    elif report := read_report(session):
        print_summary(report, paths.html, Console())


@sessions.command()
def resume(session_id: SessionId = "last") -> None:
    """Carry on with an interview in the exact place where it stopped: by voice or by keyboard, as it began."""
    settings = load_settings()
    session = SessionStore(settings.sessions_dir).get(session_id)
    if session.info.mode == "spoken":
        from agent.commands.talk import talk_on

        talk_on(settings, session)
    elif session.info.mode == "typed":
        from agent.commands.type import type_on

        type_on(settings, session)
    else:
        raise SessionError(
            f"{session.id} is a demonstration with a simulated candidate, who does not come back: "
            "begin your own with `soundcheck talk` or `soundcheck type`"
        )


@sessions.command()
def delete(
    session_id: SessionId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete everything of a session: recordings, transcript, state, grades and report."""
    import getpass

    from agent.desk.retention import delete_session

    settings = load_settings()
    session = SessionStore(settings.sessions_dir).get(session_id)
    if not yes:
        typer.confirm(f"delete session {session.id} ({session.info.title}) for good?", abort=True)
    delete_session(settings, session, by=getpass.getuser())
    typer.echo(f"deleted {session.id}: nothing of it is left")


@sessions.command()
def export(
    session_id: SessionId,
    target: Annotated[Path | None, typer.Argument(help="The archive to write.", dir_okay=False)] = None,
) -> None:
    """Write everything of a session into one ZIP archive."""
    from agent.desk.retention import export_session

    store = SessionStore(load_settings().sessions_dir)
    session = store.get(session_id)
    typer.echo(export_session(store, session, target or Path(f"soundcheck-{session.id}.zip")))
