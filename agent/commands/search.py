"""`soundcheck search`: what in the guide comes near to a sentence."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.settings import load_settings


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What somebody said or asks.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many.")] = 5,
    all_passages: Annotated[
        bool, typer.Option("--all-passages", help="The nearest passages, not one for each topic.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Say which topics of the guide a sentence is about, best first, each with its nearest passage."""
    if not text.strip():
        raise typer.BadParameter("give some words to search for", param_hint="TEXT")
    from agent.knowledge import open_index
    from agent.work import bar_on
    from knowledge.loader import load_content

    settings = load_settings()
    content = load_content(settings.guide)
    with bar_on(Console(stderr=True), "indexing", "texts") as bar:
        index = open_index(settings, content, progress=bar.show, notice=bar.note)
    try:
        found = index.search(text, limit=limit) if all_passages else index.topics(text, limit=limit)
    finally:
        index.close()
    if as_json:
        fields = {"topic", "stage", "score", "passage"} | ({"kind", "source"} if all_passages else set())
        typer.echo(json.dumps([hit.model_dump(include=fields) for hit in found], indent=2))
        return
    table = Table("score", "topic", "stage", "passage", box=None)
    for hit in found:
        table.add_row(f"{hit.score:.2f}", hit.topic, hit.stage, hit.passage)
    Console().print(table)
