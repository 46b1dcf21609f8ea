"""A table of rated answers, as spreadsheets export it, becomes a dataset.

Columns with the names of `Item`'s fields are taken as they are; a column `rater:row` holds the scores of one rater on
one row, `group:name` what the answer is a case of. Tables with other names are read with a `Mapping`, so that corpora
that nobody may pass on need no code of their own here (`evals/data/README.md` has recipes).
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.datasets import Item, Rating
from evals.errors import DatasetError

LOWEST, HIGHEST = 1.0, 5.0
"""The scale of a dataset."""
GROUP = "group"
_FIELDS = frozenset(Item.model_fields) - {"gold", "groups"}
_DEFAULTS = {"provenance": "not stated", "licence": "not stated"}
Row = dict[str, str]


class Mapping(BaseModel):
    """How a table's columns become a dataset's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = Field(default_factory=dict)
    """The table's column, by the dataset's: a field, `rater:row` or `group:name`."""
    values: dict[str, str] = Field(default_factory=dict)
    """A value for every line, by field, where the table has no such column."""
    where: dict[str, str] = Field(default_factory=dict)
    """Only lines whose column has this value."""
    scale: tuple[float, float] = (LOWEST, HIGHEST)
    """Lowest and highest score of the table, moved evenly to 1 and 5."""


def read_table(path: Path, mapping: Mapping | None = None, *, encoding: str = "utf-8-sig") -> list[Item]:
    """The answers in a CSV file, or in a TSV file by its name. Raises DatasetError naming line, column and fix."""
    mapping = mapping or Mapping()
    rows = _rows(path, encoding)
    _, header = next(rows)
    columns = _columns(path, list(header), mapping)
    items: list[Item] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        if any(row[column] != value for column, value in mapping.where.items()):
            continue
        item = _item(path, line, row, columns, mapping)
        if item.id in lines:
            raise _fault(path, line, columns.get("id", "id"), f"{item.id!r} is on line {lines[item.id]} too")
        lines[item.id] = line
        items.append(item)
    if not items:
        raise DatasetError(f"{path}: no line is left to read\n  fix: check the file, and --where")
    return items


def write_jsonl(path: Path, items: list[Item]) -> None:
    try:
        path.write_text("".join(item.model_dump_json() + "\n" for item in items), encoding="utf-8")
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}\n  fix: name a file that can be written") from error


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, Row]]:
    """The header first, as a row of its own names; then each line that holds something."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
            header = [name.strip() for name in next(reader, [])]
            yield 1, {name: name for name in header}
            before = reader.line_num
            for cells in reader:
                line, before = before + 1, reader.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    raise DatasetError(
                        f"{path}: line {line}: {len(cells)} cells under {len(header)} columns\n"
                        "  fix: put cells that hold a comma or a line break in double quotes"
                    )
                yield line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except (OSError, UnicodeError, LookupError, csv.Error) as error:
        raise DatasetError(
            f"{path}: cannot be read: {error}\n  fix: give a CSV file with a header line, and --encoding if not UTF-8"
        ) from error


def _columns(path: Path, header: list[str], mapping: Mapping) -> dict[str, str]:
    """The table's column by the dataset's, every one of them there."""
    named = {c: c for c in header if c in _FIELDS or ":" in c} | mapping.columns
    for ours, theirs in [*named.items(), *((column, column) for column in mapping.where)]:
        if theirs not in header:
            raise DatasetError(
                f"{path}: column {theirs!r} is missing (for {ours!r})\n  fix: the columns are {', '.join(header)}"
            )
        left, _, right = ours.partition(":")
        if ours not in mapping.where and ours not in _FIELDS and not (left and right):
            raise DatasetError(
                f"{path}: column {ours!r}: is no field, no rater:row and no group:name\n  fix: correct its name"
            )
    for field in ("rubric", "question", "answer"):
        if field not in named and field not in mapping.values:
            raise DatasetError(
                f"{path}: column {field!r} is missing\n"
                f"  fix: add it, or --column {field}=NAME for another name, or --value {field}=TEXT for all lines"
            )
    return named


def _item(path: Path, line: int, row: Row, columns: dict[str, str], mapping: Mapping) -> Item:
    fields: dict[str, Any] = {"id": f"{path.stem}-{line}", **_DEFAULTS, **mapping.values}
    gold: list[Rating] = []
    groups: dict[str, list[str]] = {}
    for ours, theirs in columns.items():
        left, _, right = ours.partition(":")
        if ours in _FIELDS:
            fields |= {ours: row[theirs]} if row[theirs] or ours not in fields else {}
        elif row[theirs] and left == GROUP:
            groups[right] = [name.strip() for name in row[theirs].split(";")]
        elif row[theirs]:
            score = _score(path, line, theirs, row[theirs], mapping.scale)
            gold.append(Rating(rater=left, row=right, score=score))
    fields["split"] = fields.get("split") or None
    try:
        return Item.model_validate({**fields, "gold": gold, "groups": groups})
    except ValidationError as error:
        fault = error.errors()[0]
        column = str(fault["loc"][0])
        raise _fault(path, line, columns.get(column, column), fault["msg"]) from error


def _score(path: Path, line: int, column: str, text: str, scale: tuple[float, float]) -> float:
    low, high = scale
    try:
        score = float(text)
    except ValueError as error:
        raise _fault(path, line, column, f"{text!r} is not a number") from error
    if not low <= score <= high:
        raise _fault(
            path, line, column, f"{text} is outside the scale {low:g}-{high:g}", "correct it, or --scale"
        )
    return round(LOWEST + (score - low) * (HIGHEST - LOWEST) / (high - low), 4)


def _fault(path: Path, line: int, column: str, fault: str, fix: str = "correct the cell") -> DatasetError:
    return DatasetError(f"{path}: line {line}: column {column!r}: {fault}\n  fix: {fix}")
