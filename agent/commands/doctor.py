"""`soundcheck doctor`: what is missing here, and the command that mends it."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.settings import load_settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list of findings.")] = False,
) -> None:
    """Say what this machine lacks for an interview, with the command that mends each lack. Exit code 1 if any."""
    from agent.doctor import examine

    findings = examine(load_settings())
    if as_json:
        typer.echo(json.dumps([finding.model_dump() for finding in findings], indent=2))
    else:
        marks = {
            "ok": "[green]ok[/green]",
            "optional": "[yellow]optional[/yellow]",
            "missing": "[red]missing[/red]",
        }
        table = Table(box=None)
        for column in ("", "what", "found", "mend it with"):
            table.add_column(column, overflow="fold")
        for finding in findings:
            table.add_row(marks[finding.status], finding.name, finding.detail, finding.mend)
        Console().print(table)
    if any(finding.status == "missing" for finding in findings):
        raise typer.Exit(1)
