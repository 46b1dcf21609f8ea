"""`soundcheck index`: makes the search index current."""

import json
from typing import Annotated

import typer
from rich.console import Console

from agent.settings import load_settings


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Build the search index, or bring it up to date: only what changed in the guide is embedded again."""
    from agent.knowledge import closed_index, index_is_current
    from agent.work import bar_on
    from knowledge.loader import load_content

    settings = load_settings()
    content = load_content(settings.guide)
    console = Console(stderr=True)
    if not rebuild and index_is_current(settings, content):
        if as_json:
            typer.echo(json.dumps({"built": False, "embedded": 0, "removed": 0}))
        else:
            console.print("the search index is current", highlight=False)
        return
    with bar_on(console, "indexing", "texts") as bar:
        done = closed_index(settings, content, notice=bar.note).build(
            content, progress=bar.show, rebuild=rebuild
        )
    if as_json:
        typer.echo(json.dumps({"built": True, **done._asdict()}))
    else:
        console.print(
            f"the search index holds {done.texts} texts: {done.embedded} embedded, "
            f"{done.removed} removed, in {done.seconds:.1f} s",
            highlight=False,
        )
