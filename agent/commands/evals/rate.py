"""`soundcheck eval rate`: people rate answers blind; how far they agree; their ratings become a dataset's gold."""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from evals.raters import Agreement, Reliability


def rate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATASET | FILE...",
            exists=True,
            dir_okay=False,
            help="The dataset to rate; with --agreement, files of ratings.",
        ),
    ],
    rater: Annotated[str, typer.Option(help="Who is rating; the order of the answers depends on it.")] = "",
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Where ratings, or the merged dataset, go.")
    ] = None,
    rubric: Annotated[
        Path | None, typer.Option(help="A rubric file of your own, beside the shipped ones.", dir_okay=False)
    ] = None,
    agreement: Annotated[bool, typer.Option("--agreement", help="Show how far the raters agree.")] = False,
    merge: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="Put these ratings into the dataset's gold; needs --out."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Rate the answers of a dataset, blind, one key a rating; every rating is saved at once.

    Gold, groups, other ratings and ids are never shown. Start it again to carry on.
    """
    if agreement:
        _agreement(files, as_json)
    elif len(files) != 1:
        raise typer.BadParameter("name one dataset", param_hint="DATASET")
    elif merge:
        _merge(files[0], merge, out)
    else:
        _rate(files[0], rater, out, rubric)


def _rate(dataset: Path, rater: str, out: Path | None, rubric: Path | None) -> None:
    from agent.rating_room import keys, rate_all
    from evals.datasets import load_jsonl
    from evals.rating import Sheet
    from rubrics.loader import load_rubrics

    if not re.fullmatch(r"[\w-]+", rater):
        raise typer.BadParameter("name the rater in letters and digits", param_hint="--rater")
    if not sys.stdin.isatty():
        raise typer.BadParameter("rating needs a terminal; keys are read one by one")
    path = out or dataset.with_name(f"{dataset.stem}.{rater}.jsonl")
    sheet = Sheet(load_jsonl(dataset), load_rubrics(rubric), rater=rater, path=path)
    with keys() as key:
        rate_all(sheet, Console(), key)
    typer.echo(f"\n{sheet.done} of {len(sheet.tasks)} rated: {path}")


def _merge(dataset: Path, ratings: list[Path], out: Path | None) -> None:
    from evals.datasets import load_jsonl
    from evals.importing import write_jsonl
    from evals.rating import merged, read_ratings

    if out is None:
        raise typer.BadParameter("name the file for the merged dataset", param_hint="--out")
    found = [rating for path in ratings for rating in read_ratings(path)]
    items = merged(load_jsonl(dataset), found)
    write_jsonl(out, items)
    rated = sum(bool(item.gold) for item in items)
    typer.echo(f"{len(found)} ratings merged; {rated} of {len(items)} answers have gold: {out}")


def _agreement(files: list[Path], as_json: bool) -> None:
    from evals.raters import compare
    from evals.rating import read_ratings

    pairs, together = compare(rating for path in files for rating in read_ratings(path))
    if as_json:
        typer.echo(
            json.dumps({"pairs": [p._asdict() for p in pairs], "rows": [r._asdict() for r in together]})
        )
    else:
        _show(pairs, together)


def _show(pairs: "list[Agreement]", together: "list[Reliability]") -> None:
    console = Console()
    table = Table("row", "raters", "answers", "quadratic kappa", "exact", "adjacent", box=None)
    for pair in pairs:
        shares = (f"{pair.exact:.0%}", f"{pair.adjacent:.0%}")
        table.add_row(pair.row, " / ".join(pair.raters), str(pair.answers), _number(pair.kappa), *shares)
    console.print(table)
    table = Table("row", "raters", "answers", "Krippendorff's alpha (ordinal)", box=None)
    for row in together:
        table.add_row(row.row, str(row.raters), str(row.answers), _number(row.alpha))
    console.print("", table)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
