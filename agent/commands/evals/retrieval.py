"""`soundcheck eval retrieval`: does search find the right topic?"""

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.exits import BELOW_BAR
from agent.settings import load_settings

if TYPE_CHECKING:
    from evals.coverage import Outcome
    from evals.retrieval import Report


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
