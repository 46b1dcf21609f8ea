"""`soundcheck validate`: says what is wrong with content files."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agent.settings import load_settings


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...", help="Content, loop, persona or rubric files, or a guide's folder."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of problems.")] = False,
) -> None:
    """Check content files; without FILE, the whole guide and all that is shipped. Exit code 1 if anything is wrong."""
    from agent.validation import all_problems, file_problems

    settings = load_settings()
    if files:
        problems = [problem for path in files for problem in file_problems(path, settings)]
    else:
        problems = all_problems(settings)
    if as_json:
        fields = ("file", "line", "field", "message", "fix")
        typer.echo(json.dumps([{f: _plain(getattr(p, f)) for f in fields} for p in problems], indent=2))
    else:
        console = Console()
        for problem in problems:
            console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        count = len(problems)
        verdict = f"{count} problem{'s' if count > 1 else ''}" if count else "nothing is wrong"
        Console(stderr=True).print(verdict, highlight=False)
    if problems:
        raise typer.Exit(1)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
