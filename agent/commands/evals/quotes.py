"""`soundcheck eval quotes`: are the quotes the candidate's own words?"""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.exits import BELOW_BAR
from agent.settings import load_settings


def quotes(
    limit: Annotated[int, typer.Option(min=1, help="So many authored answers.")] = 9,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Whether every quote under a level stands in the answer, word for word. Exit code 3 where one does not."""
    import asyncio

    asyncio.run(_quotes(limit, as_json))


async def _quotes(limit: int, as_json: bool) -> None:
    from dataclasses import asdict

    from agent.graders import make_grader
    from agent.language import open_language_model
    from agent.work import bar_on
    from evals.quotes import check_quotes, load_answers
    from rubrics.loader import load_rubrics

    settings = load_settings()
    async with open_language_model(settings) as language:
        grader = make_grader(settings, language, load_rubrics())
        with bar_on(Console(stderr=True), "grading", "answers") as bar:
            found = await check_quotes(grader, load_answers(limit), bar.show)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        table = Table("answers", "unscored", "quotes", "verbatim", "s an answer", box=None)
        counts = (found.answers, found.unscored, found.quotes, found.verbatim)
        table.add_row(*map(str, counts), f"{found.seconds_per_answer:.1f}")
        Console().print(table)
    raise typer.Exit(0 if found.verbatim == found.quotes else BELOW_BAR)
