"""The words that perturbations are made of: YAML files in `evals/data/perturbations`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent.parent / "data" / "perturbations"
Rule = tuple[str, str]
"""A regular expression and what takes its place."""
_Schema = TypeVar("_Schema")


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Speech(_Frozen):
    fillers: list[str]
    hedges: list[str]
    inserted: list[str]
    homophones: list[Rule]


class Person(_Frozen):
    name: str
    pronouns: str
    school: str
    home: str


class Wording(_Frozen):
    people: list[Person]
    introduction: str
    first_names: list[str]
    schools: list[str]
    other_schools: list[str]
    dialects: dict[str, list[Rule]]
    second_language: list[Rule]
    small_beginnings: str
    """Words that lose their capital when something is put before the sentence."""


class Additions(_Frozen):
    padding: list[str]
    off_topic: list[str]
    buzzwords: list[str]
    self_praise: list[str]
    authority: list[str]
    dont_know: list[str]
    dont_know_at_length: list[str]
    one_word: list[str]
    keywords: list[str]


class Injection(_Frozen):
    id: str
    medium: Literal["typed", "spoken"]
    text: str


@lru_cache
def speech() -> Speech:
    return _load("speech.yaml", TypeAdapter(Speech))


@lru_cache
def wording() -> Wording:
    return _load("wording.yaml", TypeAdapter(Wording))


@lru_cache
def additions() -> Additions:
    return _load("additions.yaml", TypeAdapter(Additions))


@lru_cache
def injections() -> list[Injection]:
    return _load("injections.yaml", TypeAdapter(list[Injection]))


def _load(name: str, schema: TypeAdapter[_Schema]) -> _Schema:
    return schema.validate_python(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))
