"""Finds questions that an interviewer must not ask; `unlawful.yaml` lists what they look like.

It catches what people ask without thinking, and not all of it: of 33 questions from published lists that had no part in
writing the expressions, it found 21. A person still has to read a script.
"""

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

LIST = Path(__file__).parent / "unlawful.yaml"


class Risk(BaseModel):
    """`about` names what may not be asked for, `instead` what may, and `better` is a wording that may be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    instead: str
    better: str
    patterns: tuple[str, ...]


def risks_of(text: str) -> list[Risk]:
    """What a question asks for that it must not ask for."""
    plain = " ".join(text.replace("\u2019", "'").split())
    return [risk for risk, pattern in _risks() if pattern.search(plain)]


def read_risks(file: Path) -> list[tuple[Risk, re.Pattern[str]]]:
    """A list like `unlawful.yaml`, each risk with one expression for all its patterns."""
    risks = [Risk.model_validate(item) for item in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return [(risk, _whole_words(risk.patterns)) for risk in risks]


@cache
def _risks() -> list[tuple[Risk, re.Pattern[str]]]:
    return read_risks(LIST)


def _whole_words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns), re.IGNORECASE)
