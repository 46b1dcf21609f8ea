"""`soundcheck eval`: measures whether search and grading deserve trust."""

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from agent.settings import load_settings

if TYPE_CHECKING:
    from evals.coverage import Outcome
    from evals.retrieval import Report

app = typer.Typer(no_args_is_help=True, help="Measure whether search and grading deserve trust.")
BELOW_BAR = 3


@app.command()
def retrieval(
    split: Annotated[
        Literal["dev", "test", "all"], typer.Option(help="Which half; the method was chosen on dev.")
    ] = "test",
    limit: Annotated[int, typer.Option(min=0, help="Only so many utterances; 0 for all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How often search puts the right topic first for a paraphrase. Exit code 3 below the bar."""
    from agent.knowledge import open_embedding, open_index
    from agent.work import bar_on
    from evals.coverage import THRESHOLDS, load_pairs, outcomes
    from evals.retrieval import evaluate, load_utterances, rankers
    from knowledge.loader import load_content

    settings = load_settings()
    content = load_content(settings.guide)
    utterances = load_utterances(None if split == "all" else split)
    with bar_on(Console(stderr=True), "indexing", "texts") as bar:
        index = open_index(settings, content, progress=bar.show, notice=bar.note)
    try:
        embed = open_embedding(settings).embed
        named = rankers(index.ranking, embed, list(content.topics.values()), load_utterances("dev"))
        report = evaluate(named, utterances[: limit or None])
        covering = outcomes(index.coverage, load_pairs(), THRESHOLDS)
    finally:
        index.close()
    if as_json:
        covered = [outcome._asdict() for outcome in covering]
        typer.echo(json.dumps({"split": split, **report.as_dict(), "coverage": covered}, indent=2))
    else:
        _show(report, covering)
    raise typer.Exit(0 if report.product.passes else BELOW_BAR)


@app.command()
def quotes(
    limit: Annotated[int, typer.Option(min=1, help="So many authored answers.")] = 9,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Whether every quote under a level stands in the answer, word for word. Exit code 3 where one does not."""
    import asyncio

    asyncio.run(_quotes(limit, as_json))


async def _quotes(limit: int, as_json: bool) -> None:
    from dataclasses import asdict

    from agent.language import open_language_model
    from agent.work import bar_on
    from evals.quotes import check_quotes, load_answers
    from rubrics.grader import Grader
    from rubrics.loader import load_rubrics

    async with open_language_model(load_settings()) as language:
        grader = Grader(language, load_rubrics())
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


@app.command()
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


def _show(report: "Report", covering: "list[Outcome]") -> None:
    console = Console()
    table = Table("ranker", "right first", "right in three", "ms", box=None)
    for result in report.results:
        first, three = (
            f"{e.value:.1%} ({e.low:.1%}-{e.high:.1%})" for e in (result.hit_at_1, result.hit_at_3)
        )
        table.add_row(result.ranker, first, three, f"{result.median_ms:.1f}")
    console.print(table)
    for miss in report.product.misses:
        console.print(
            f"\n{miss.id} came at {miss.rank}: {miss.text}\n  instead: {', '.join(miss.first)}",
            markup=False,
            highlight=False,
        )
    table = Table("similarity from", "found", "false alarms", "in long answers", box=None)
    for outcome in covering:
        table.add_row(f"{outcome.threshold:.2f}", *(f"{share:.0%}" for share in outcome[1:]))
    console.print("\npoints covered", table)
    verdict = "passes" if report.product.passes else "is below the bar"
    console.print(f"\n{report.utterances} utterances: search {verdict}", highlight=False)
