"""`soundcheck eval interviewer`: does the interviewer keep its rules, whoever sits opposite?"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.commands.evals.exits import BELOW_BAR
from agent.settings import load_settings
from agent.starting import listed

if TYPE_CHECKING:
    from evals.interviewer.checks import Report

WITH_MODEL = ("strong", "rambling", "prying", "contrary")
"""Who comes where the model takes part and nobody is named."""


def interviewer(
    sessions: Annotated[
        int | None,
        typer.Option(min=1, help="How many; left out, two a candidate, or one with the model."),
    ] = None,
    personas: Annotated[
        str | None, typer.Option(help="Simulated candidates or persona files, separated by commas.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same sessions.")] = 0,
    model: Annotated[
        bool, typer.Option(help="With the language model and the search, as in a real interview; slow.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the report to this Markdown file too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Simulated sessions with candidates of every kind, judged by rules. Exit code 3 where one is below its bar."""
    from evals.interviewer.checks import markdown

    report = asyncio.run(_judge(sessions, listed(personas), seed, model))
    if out is not None:
        out.write_text(markdown(report), encoding="utf-8")
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        from rich.markdown import Markdown

        Console().print(Markdown(markdown(report)))
    raise typer.Exit(0 if report.passed else BELOW_BAR)


async def _judge(sessions: int | None, personas: list[str], seed: int, with_model: bool) -> "Report":
    from agent.knowledge import LaterIndex
    from agent.language import open_language_model
    from agent.work import bar_on
    from evals.interviewer.checks import judge
    from evals.interviewer.holding import all_personas, hold
    from evals.interviewer.world import world_of
    from graphs.deps import Deps
    from knowledge.loader import load_content
    from rubrics.loader import load_rubrics

    settings = load_settings()
    content = load_content(settings.guide)
    names = personas or (list(WITH_MODEL) if with_model else all_personas())
    number = sessions or len(names) * (1 if with_model else 2)
    async with AsyncExitStack() as stack:
        language = await stack.enter_async_context(open_language_model(settings)) if with_model else None
        deps = Deps(
            guide=content.guide,
            topics=content.topics,
            banks=content.banks,
            problems=content.problems,
            search=LaterIndex(settings, content) if with_model else None,
            language=language,
            whole_follow_ups=settings.openai_base_url is not None,
        )
        bar = stack.enter_context(bar_on(Console(stderr=True), "interviewing", "sessions"))
        records = await hold(deps, content, names, number, seed, bar.show)
    world = world_of(content, load_rubrics())
    return judge(records, world, seed=seed, model=language.name if language else None)
