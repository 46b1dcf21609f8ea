"""Has an answer shown anything for a rubric row? A cheap guess that only decides what to probe; it never scores.

Signals (graphs/prompts/evidence.yaml) decide where they are clear: two or more speak for evidence, none for a gap.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml

from graphs.lines import PROMPTS

ENOUGH_SIGNALS = 2


@dataclass(frozen=True)
class RowEvidence:
    ask: str
    """A yes/no question about the candidate's words."""
    signals: tuple[re.Pattern[str], ...]


Shown = Literal["yes", "no", "unsure"]


def shown(row: str, answer: str) -> Shown:
    """Whether `answer` shows something for `row` (`staff.depth`). An unknown row is always shown: it is not probed."""
    evidence = row_evidence().get(row)
    if evidence is None:
        return "yes"
    found = sum(1 for signal in evidence.signals if signal.search(answer.lower()))
    if found >= min(ENOUGH_SIGNALS, len(evidence.signals)):
        return "yes"
    return "unsure" if found else "no"


def gaps(rows: Sequence[str], answer: str) -> tuple[list[str], list[str]]:
    """The rows without evidence, and those that only a closer reading could tell, both in the given order."""
    verdicts = [(row, shown(row, answer)) for row in rows]
    return [r for r, v in verdicts if v == "no"], [r for r, v in verdicts if v == "unsure"]


@cache
def row_evidence() -> dict[str, RowEvidence]:
    raw = yaml.safe_load((PROMPTS / "evidence.yaml").read_text(encoding="utf-8"))
    return {
        row: RowEvidence(entry["ask"], tuple(re.compile(signal) for signal in entry["signals"]))
        for row, entry in raw.items()
    }
