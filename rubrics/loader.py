"""Rubric files: the shipped ones and a user's own."""

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import ValidationError

from rubrics.errors import RubricError
from rubrics.models import Check, Row, Rubric

_LEVELS = frozenset(range(1, 6))
_Fault = tuple[str, str, str]
"""Field, fault and fix."""


def shipped_rubrics() -> dict[str, Rubric]:
    """`star`, `staff`, `screen` and `code`, by id."""
    folder = files("rubrics") / "files"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {rubric.id: rubric for rubric in map(_load, found)}


def load_rubric(path: Path) -> Rubric:
    """A user's rubric file. Raises RubricError naming file, field and fix."""
    return _load(path)


def load_rubrics(own: Path | None = None) -> dict[str, Rubric]:
    """The shipped rubrics by id, with a user's own file added, or put in the place of one with the same id."""
    rubrics = shipped_rubrics()
    if own is not None:
        rubric = load_rubric(own)
        rubrics[rubric.id] = rubric
    return rubrics


def rubric_version(rubric: Rubric) -> str:
    """`id@version+hash`: the hash covers all content, so an edited rubric is never taken for another."""
    content = json.dumps(rubric.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
    return f"{rubric.id}@{rubric.version}+{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _load(file: Path | Traversable) -> Rubric:
    try:
        rubric = Rubric.model_validate(_read(file))
    except ValidationError as error:
        faults = [(_field(e["loc"]), e["msg"], _fix(e["type"])) for e in error.errors()]
        raise RubricError(_message(file, faults)) from error
    if faults := _faults(rubric):
        raise RubricError(_message(file, faults))
    return rubric


def _message(file: Path | Traversable, faults: list[_Fault]) -> str:
    return "\n".join(f"{file}: {field}: {text}\n  fix: {fix}" for field, text, fix in faults)


def _read(file: Path | Traversable) -> Mapping[str, object]:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RubricError(
            f"{file}: cannot be read: {error.strerror}\n  fix: give the path of a file"
        ) from error
    except UnicodeDecodeError as error:
        raise RubricError(f"{file}: is not UTF-8 text\n  fix: save the file as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        what = getattr(error, "problem", None) or "not valid YAML"
        raise RubricError(f"{file}: {where}: {what}\n  fix: correct the YAML there") from error
    if not isinstance(data, Mapping):
        raise RubricError(f"{file}: is not a mapping\n  fix: start from one of the files in rubrics/files")
    return data


def _faults(rubric: Rubric) -> list[_Fault]:
    """What the schema cannot say."""
    faults = []
    if missing := _LEVELS - rubric.levels.keys():
        faults.append(("levels", f"lacks {sorted(missing)}", "name every level from 1 to 5"))
    for id_ in _doubles([row.id for row in rubric.rows]):
        faults.append(("rows", f"the id {id_!r} is used twice", "give every row its own id"))
    for row in rubric.rows:
        faults += _row_faults(row)
    return faults


def _row_faults(row: Row) -> list[_Fault]:
    where, faults = f"rows.{row.id}", []
    if missing := _LEVELS - row.anchors.keys():
        faults.append(
            (f"{where}.anchors", f"lacks {sorted(missing)}", "write an anchor for every level from 1 to 5")
        )
    for id_ in _doubles([check.id for check in row.checks]):
        faults.append((f"{where}.checks", f"the id {id_!r} is used twice", "give every check its own id"))
    if all(check.level < 4 for check in row.checks):
        faults.append(
            (f"{where}.checks", "none speaks for level 4 or 5", "add a check that only strong answers pass")
        )
    faults += [
        (f"{where}.checks.{check.id}.ask", "is not a question", "ask one thing and end with a question mark")
        for check in row.checks
        if not _is_question(check)
    ]
    return faults


def _is_question(check: Check) -> bool:
    return check.ask.endswith("?") and "\n" not in check.ask


def _doubles(ids: list[str]) -> list[str]:
    return sorted({id_ for id_ in ids if ids.count(id_) > 1})


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _fix(kind: str) -> str:
    match kind:
        case "missing":
            return "add this field"
        case "extra_forbidden":
            return "remove this field, or correct its spelling"
        case "string_pattern_mismatch":
            return "write it in lower case; rubrics/files/star.yaml shows the form"
        case "too_short" | "too_long":
            return "give every row three to six checks"
        case _:
            return "correct the value; rubrics/files/star.yaml shows the form"
