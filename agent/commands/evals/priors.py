"""`soundcheck eval priors`: measures anew what the shipped model says of answers whose grade is known."""

import typer
from rich.console import Console

from agent.settings import load_settings


def priors() -> None:
    """Ask the model all checks about answers whose grade is known, and write the shipped priors anew."""
    import asyncio

    asyncio.run(_priors())


async def _priors() -> None:
    from agent.language import open_language_model
    from rubrics.loader import shipped_rubrics
    from rubrics.priors import NOTHING, SHIPPED, Priors, ship
    from rubrics.prompts import FITS

    rubrics = shipped_rubrics().values()
    async with open_language_model(load_settings()) as language:
        learnt = Priors(language, {})
        with Console(stderr=True).status("asking every check about answers whose grade is known"):
            for rubric in rubrics:
                asks = [FITS, *(check.ask for row in rubric.rows for check in row.checks)]
                await learnt.learn([NOTHING, rubric.example or NOTHING], asks)
    ship(language.name, learnt.known)
    typer.echo(SHIPPED)
