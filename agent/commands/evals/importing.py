"""`soundcheck eval import`: a table of rated answers becomes a dataset."""

import re
from pathlib import Path
from typing import Annotated

import typer

_PAIR = re.compile(r"([^=]+)=(.*)", re.DOTALL)
_SCALE = re.compile(r"(-?\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def import_(
    source: Annotated[
        Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="A CSV, or TSV, file.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", dir_okay=False, help="The dataset.")],
    column: Annotated[
        list[str] | None, typer.Option(metavar="OURS=THEIRS", help="The table's name for a column of ours.")
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=TEXT", help="A field that is the same for all lines.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Only lines with this value.")
    ] = None,
    scale: Annotated[
        str, typer.Option(metavar="LOW-HIGH", help="The table's scale; scores are moved to 1-5.")
    ] = "1-5",
    encoding: Annotated[str, typer.Option(help="The file's encoding.")] = "utf-8-sig",
) -> None:
    """Make a dataset of a table: columns id, rubric, question, answer, and scores as rater:row, cases as group:name.

    Recipes for corpora that may not be passed on are in evals/data/README.md.
    """
    from evals.importing import Mapping, read_table, write_jsonl

    mapping = Mapping(
        columns=_pairs(column, "--column"),
        values=_pairs(value, "--value"),
        where=_pairs(where, "--where"),
        scale=_scale(scale),
    )
    items = read_table(source, mapping, encoding=encoding)
    write_jsonl(target, items)
    raters = sorted({rater for item in items for rater in item.raters})
    typer.echo(
        f"{len(items)} answers to {len({item.cluster for item in items})} questions, "
        f"rated by {', '.join(raters) or 'nobody'}: {target}"
    )


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    found = [_PAIR.fullmatch(pair) for pair in given or []]
    if not all(found):
        raise typer.BadParameter("write it as NAME=VALUE", param_hint=option)
    return {match[1].strip(): match[2].strip() for match in found if match}


def _scale(given: str) -> tuple[float, float]:
    match = _SCALE.fullmatch(given)
    if match is None or float(match[1]) >= float(match[2]):
        raise typer.BadParameter("write it as LOW-HIGH, e.g. 0-3", param_hint="--scale")
    return float(match[1]), float(match[2])
