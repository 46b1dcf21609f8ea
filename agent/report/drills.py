"""Exercises by rubric row, from `drills.yaml`; a row of somebody's own rubric gets one made of its anchor."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_name("drills.yaml")


def drill_for(row: str, title: str, next_anchor: str) -> str:
    """`row` is qualified by its rubric, e.g. `staff.depth`."""
    own = f'Answer the question again in ninety seconds and aim at one thing only, {title}: "{next_anchor}".'
    return drills().get(row, own)


@cache
def drills() -> dict[str, str]:
    return TypeAdapter(dict[str, str]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
