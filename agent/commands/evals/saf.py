"""`soundcheck eval saf`: short answers that people have scored."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.options import AsJson, Seed
from agent.settings import load_settings

if TYPE_CHECKING:
    from evals.saf_scores import Range, Scores


def saf(
    folder: Annotated[
        Path,
        typer.Option("--saf", exists=True, file_okay=False, help="The corpus: training/, unseen_answers/."),
    ],
    split: Annotated[
        Literal["test", "calibration", "all"],
        typer.Option(help="Which questions; the method was chosen on calibration."),
    ] = "test",
    limit: Annotated[int, typer.Option(min=0, help="Draw so many answers; 0 for all.")] = 0,
    seed: Seed = 0,
    log: Annotated[
        Path | None, typer.Option(dir_okay=False, help="By default in the folder runs of the data folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Grade unseen answers of the SAF corpus by their reference answers, and compare with the human scores.

    The same command carries on where it was broken off.
    """
    scores = asyncio.run(_saf(folder, split, limit, seed, log))
    if as_json:
        figures = [each._asdict() for each in scores.figures]
        typer.echo(json.dumps({**scores._asdict(), "figures": figures}, indent=2))
    else:
        _show(scores)


async def _saf(folder: Path, split: str, limit: int, seed: int, log: Path | None) -> "Scores":
    from agent.eval_runs import default_log
    from agent.knowledge import open_embedding
    from agent.language import open_language_model
    from agent.work import bar_on
    from evals.runlog import new_card
    from evals.running import run
    from evals.saf import RUBRIC, load_saf
    from evals.saf_scores import score
    from evals.selecting import draw
    from evals.short_answers import Reference, ShortAnswerJudge

    settings, corpus = load_settings(), load_saf(folder)
    items = draw([item for item in corpus.unseen if split in ("all", item.split)], limit=limit, seed=seed)
    questions = {item.question: corpus.references[item.cluster] for item in corpus.unseen}
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    async with open_language_model(settings) as language:
        judge = ShortAnswerJudge(language, [Reference(*pair) for pair in questions.items()])
        card = new_card(
            items,
            dataset=f"SAF unseen answers/{split}",
            grader="short answers",
            model=language.name,
            rubrics={RUBRIC: "reference"},
            prompts=judge.prompts,
            seed=seed,
        )
        log = log or default_log(settings.data_dir / "runs", card)
        with bar_on(console, "grading", "answers") as bar:
            found = await run(judge, items, card, log, progress=bar.show)
    console.print(f"log: {log}", markup=False)
    return score(found.graded, corpus, open_embedding(settings).embed, seed=seed)


def _show(scores: "Scores") -> None:
    console = Console(highlight=False)
    table = Table("grader", "Pearson's r", "RMSE (0-1)", "r above keyword overlap", box=None)
    for each in scores.figures:
        table.add_row(each.grader, *map(_shown, (each.pearson, each.rmse, each.above_keywords)))
    console.print(table)
    console.print(
        f"{scores.answers} answers to {scores.questions} questions, scored by people; {scores.unscored} unscored; "
        f"{scores.seconds_per_answer} s an answer; 95 % intervals, clustered by question"
    )


def _shown(figure: "Range") -> str:
    value, low, high = figure
    if value is None:
        return "-"
    return f"{value:.2f}" if low is None else f"{value:.2f} ({low:.2f} to {high:.2f})"
