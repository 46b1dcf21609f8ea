"""YAML files into models, keeping for every field the line it stands on, so that a fault can be pointed at.

Stricter than YAML itself: a key given twice, an alias and a tag are faults, because each hides what a reader sees.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.errors import Problem

M = TypeVar("M", bound=BaseModel)
Place = tuple[int | str, ...]
"""Where something stands inside a file: ("questions", 2, "text")."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null")}


@dataclass(frozen=True)
class Document(Generic[M]):
    """A file that satisfies its schema."""

    path: Path
    model: M
    lines: Mapping[Place, int]

    def problem(self, place: Place, message: str, fix: str) -> Problem:
        return Problem(self.path, field_name(place), message, fix, line_of(place, self.lines))


def read_document(path: Path, model: type[M], faults: list[Problem]) -> Document[M] | None:
    """The file as `model`; None where it has faults, all of which are added to `faults`."""
    text = read_text(path, faults)
    if text is None:
        return None
    before = len(faults)
    value, lines = _parse(path, text, faults)
    if len(faults) > before:
        return None
    try:
        return Document(path, model.model_validate(value), lines)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            place = tuple(part for part in fault["loc"] if part != "[key]")
            message, fix = _explain(fault, model)
            faults.append(Problem(path, field_name(place), message, fix, line_of(place, lines)))
    return None


def read_text(path: Path, faults: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        faults.append(
            Problem(
                path, "file", error.strerror or "cannot be read", "name a file that exists and is readable"
            )
        )
    except UnicodeDecodeError as error:
        faults.append(Problem(path, "file", f"not UTF-8 at byte {error.start}", "save the file as UTF-8"))
    return None


def field_name(place: Place) -> str:
    """`questions[2].follow_ups[staff.depth][0]`; positions count from 0."""
    name = ""
    for part in place:
        plain = isinstance(part, str) and part.isidentifier()
        name += f".{part}" if plain else f"[{part}]"
    return name.lstrip(".") or "file"


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a place, or of the nearest thing around it where it is missing itself."""
    for length in range(len(place), -1, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return None


def _parse(path: Path, text: str, faults: list[Problem]) -> tuple[Any, dict[Place, int]]:
    loader = _Loader(text)
    lines: dict[Place, int] = {}
    try:
        node = loader.get_single_node()
        if node is None:
            faults.append(Problem(path, "file", "the file is empty", "fill it in, or delete it"))
            return None, lines
        seen: set[int] = set()
        before = len(faults)
        for place, child, fault in _walk(node, (), seen):
            lines.setdefault(place, child.start_mark.line + 1)
            if fault:
                faults.append(Problem(path, field_name(place), *fault, child.start_mark.line + 1))
        return (loader.construct_document(node) if len(faults) == before else None), lines
    except yaml.YAMLError as error:
        faults.append(_syntax_problem(path, error))
        return None, lines
    finally:
        loader.dispose()


def _walk(
    node: yaml.Node, place: Place, seen: set[int]
) -> Iterator[tuple[Place, yaml.Node, tuple[str, str] | None]]:
    """Every node with its place and, where it is one of the things not allowed here, the message and the fix."""
    if id(node) in seen:
        yield place, node, ("an alias (*name) stands here", "write the text out where it is used")
        return
    seen.add(id(node))
    if node.tag not in _PLAIN_TAGS:
        wanted = "put the text in quotes" if "2002" in node.tag else f"remove the tag {node.tag}"
        yield place, node, ("neither text, number, list nor mapping", wanted)
        return
    yield place, node, None
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(child, (*place, index), seen)
    elif isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, child in node.value:
            name = str(key.value)
            if name in first:
                message = f"`{name}` is given twice, first on line {first[name]}"
                yield (*place, name), key, (message, "keep one of the two")
                continue
            first[name] = key.start_mark.line + 1
            yield (*place, name), key, None
            yield from _walk(child, (*place, name), seen)


def _syntax_problem(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
    column = f", column {mark.column + 1}" if mark else ""
    return Problem(
        path,
        "file",
        f"not valid YAML{column}: {what}",
        "check the indentation, and put a text in quotes if it holds a colon or begins with a special character",
        mark.line + 1 if mark else None,
    )


def _explain(fault: Any, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong with a field and how to mend it, in an author's words instead of pydantic's."""
    kind, name, context = fault["type"], fault["loc"][-1] if fault["loc"] else "file", fault.get("ctx", {})
    if kind == "missing":
        return f"`{name}` is missing", f"add `{name}`"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(name), _field_names(model), n=1)
        hint = f"rename it to `{near[0]}`" if near else "remove it"
        return f"there is no field `{name}`", hint
    if kind == "string_too_short":
        return "the text is empty", "write the text, or remove the entry"
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length") or context.get("max_length")
        limit = "at least" if kind == "too_short" else "at most"
        number = context.get("actual_length")
        return f"{number} {'entry' if number == 1 else 'entries'}", f"give {limit} {bound}"
    if kind == "string_type":
        return f"{fault['input']!r} is not text", "put it in quotes, or write text"
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(str(context.get("pattern")), f"the form {context.get('pattern')}")
        return f"{fault['input']!r} does not have the right form", f"use {form}"
    if kind == "literal_error":
        return f"{fault['input']!r} is not allowed here", f"use {context.get('expected')}"
    for beginning, wanted in _WANTED.items():
        if kind.startswith(beginning):
            return f"{_shortened(fault['input'])} is not {wanted[0]}", wanted[1]
    for bound, word in _BOUNDS.items():
        if bound in context:
            return f"{fault['input']!r} is out of bounds", f"use a number {word} {context[bound]:g}"
    described = f"{model.__name__} in {model.__module__.replace('.', '/')}.py"
    return str(fault["msg"]), f"correct the field; {described} describes it"


_WANTED = {
    "int_": ("a whole number", "write a number without a fraction, such as 3"),
    "float_": ("a number", "write a number, such as 2.5"),
    "bool_": ("true or false", "write true or false"),
    "list_": ("a list", "begin each entry on a line of its own with `- `"),
    "model_": ("a group of fields", "write its fields below it, indented, as `name: text`"),
    "dict_": ("a group of fields", "write its fields below it, indented, as `name: text`"),
}
"""By the beginning of pydantic's kind of fault: what is wanted, and how to write it."""
_BOUNDS = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
_FORMS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, digits and hyphens, such as ml-engineer-2",
    r"^[a-z]+\.[a-z]+$": "rubric.row, such as star.action",
    r"^\d+\.\d+$": 'two numbers with a dot between them, in quotes, such as "1.0"',
    r"^q\d+$": "a q and a number, such as q1",
    r"^k\d+$": "a k and a number, such as k1",
    r"^p\d+$": "a p and a number, such as p1",
}
"""The patterns of ids in an author's words."""


def _shortened(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _field_names(model: type[BaseModel]) -> set[str]:
    """The names of the model's fields and of the models inside it: near enough for a suggestion."""
    names: set[str] = set()
    for definition in [schema := model.model_json_schema(), *schema.get("$defs", {}).values()]:
        names |= set(definition.get("properties", {}))
    return names
