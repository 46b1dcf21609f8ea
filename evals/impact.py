"""Selection and scoring rates of groups that were supplied apart: inputs to an independent audit, never one itself.

Groups come from a file of their own. The grader never sees them, and nothing here is stored beside a candidate.
Rates follow the four-fifths convention (EEOC Uniform Guidelines 1607.4 D; New York City Local Law 144 for scores).
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from evals.errors import DatasetError
from evals.fairness import FOUR_FIFTHS
from evals.scores import Model

FEWEST = 5
"""With fewer people in a group nothing is said of it; with fewer than `FEW` the ratio is shown with a warning."""
FEW = 30
SMALL_SHARE = 0.02
"""Groups of less than this share of all may be left out by the convention; they are shown and marked."""
CAVEAT = (
    "Counts of this desk, as inputs to an independent audit. They are not an audit and say nothing about causes. Small "
    "numbers swing: read the counts and the exact test before the ratio."
)


class Person(Model):
    """One candidate with a decision. `level` is the reviewer's own."""

    candidate: str
    selected: bool
    level: float | None


class GroupImpact(Model):
    kind: str
    group: str
    people: int
    selected: int
    rate: float | None
    """Share that was selected; None where too few people are in it."""
    impact_ratio: float | None
    """Against the group with the highest rate of those that are large enough."""
    scored: int
    above: int
    """Of the scored, how many are above the median of all: the scoring rate."""
    scoring_rate: float | None
    scoring_ratio: float | None
    exact_p: float | None
    """Fisher's exact test, two-sided, of selection against the group with the highest rate."""
    note: str


class Impact(Model):
    version: str
    people: int
    without_group: int
    """Candidates that the file of groups does not name."""
    not_decided: int
    """Lines of the file whose candidate is unknown, or not decided on."""
    median_level: float | None
    groups: list[GroupImpact]
    caveat: str = CAVEAT


def read_groups(path: Path) -> dict[str, dict[str, str]]:
    """`candidate` and one column for each kind of group. Raises DatasetError naming line and fix."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path}: cannot be read: {error}\n  fix: give a CSV file in UTF-8") from error
    columns, *rows = [[_printable(cell) for cell in line] for line in lines] or [[]]
    kinds = [name for name in columns if name not in ("candidate", "")]
    if "candidate" not in columns or not kinds or len(set(kinds)) < len(kinds):
        fix = "its first line names the columns, with commas between them: candidate,gender,..."
        raise DatasetError(f"{path}:1: no column `candidate` with others beside it\n  fix: {fix}")
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(columns):
            why = f"{len(row)} cells, and there are {len(columns)} columns"
            raise DatasetError(f"{path}:{number}: {why}\n  fix: put cells that hold a comma in quotes")
        cells = dict(zip(columns, row, strict=True))
        name = cells["candidate"]
        if not name or name in found:
            why = f"`{name}` is given twice" if name else "no candidate"
            raise DatasetError(f"{path}:{number}: candidate: {why}\n  fix: give each candidate one line")
        found[name] = {kind: cells[kind] for kind in kinds if cells[kind]}
    return found


def _printable(cell: str) -> str:
    """One line without what would steer a terminal; a reference is spelt as the desk spells it."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def impact(people: Sequence[Person], groups: Mapping[str, Mapping[str, str]], version: str) -> Impact:
    known = [person for person in people if person.candidate in groups]
    levels = [person.level for person in known if person.level is not None]
    middle = median(levels) if levels else None
    kinds = sorted({kind for person in known for kind in groups[person.candidate]})
    found = [each for kind in kinds for each in _of_kind(kind, known, groups, middle)]
    return Impact(
        version=version,
        people=len(known),
        without_group=len(people) - len(known),
        not_decided=len(groups.keys() - {person.candidate for person in known}),
        median_level=middle,
        groups=found,
    )


def _of_kind(
    kind: str, people: Sequence[Person], groups: Mapping[str, Mapping[str, str]], middle: float | None
) -> list[GroupImpact]:
    members: dict[str, list[Person]] = {}
    for person in people:
        if group := groups[person.candidate].get(kind):
            members.setdefault(group, []).append(person)
    large = {name: of for name, of in members.items() if len(of) >= FEWEST}
    best = max(large, key=lambda name: _selected(large[name]) / len(large[name]), default=None)
    scoring = {name: _scoring_rate(of, middle) for name, of in large.items()}
    highest = max((rate for rate in scoring.values() if rate is not None), default=None)
    total = sum(map(len, members.values()))
    return [
        _group(
            kind,
            name,
            of,
            large.get(best or ""),
            scoring.get(name),
            highest,
            len(of) < SMALL_SHARE * total,
            middle,
        )
        for name, of in sorted(members.items())
    ]


def _group(
    kind: str,
    name: str,
    of: Sequence[Person],
    best: Sequence[Person] | None,
    scoring: float | None,
    highest: float | None,
    small: bool,
    middle: float | None,
) -> GroupImpact:
    enough = len(of) >= FEWEST and best is not None
    rate = _selected(of) / len(of) if enough else None
    top = _selected(best) / len(best) if best else 0.0
    ratio = rate / top if rate is not None and top else None
    levels = [person.level for person in of if person.level is not None]
    return GroupImpact(
        kind=kind,
        group=name,
        people=len(of),
        selected=_selected(of),
        rate=rate,
        impact_ratio=ratio,
        scored=len(levels),
        above=sum(level > middle for level in levels) if middle is not None else 0,
        scoring_rate=scoring,
        scoring_ratio=scoring / highest if scoring is not None and highest else None,
        exact_p=_exact(of, best) if enough and best is not None and best is not of else None,
        note=_note(len(of), ratio, small),
    )


def _note(people: int, ratio: float | None, small: bool) -> str:
    notes = []
    if people < FEWEST:
        notes.append(f"too few to say: {people}, it takes {FEWEST}")
    elif people < FEW:
        notes.append(
            f"few: with {people} people a single decision moves the ratio by {1 / people:.0%} and more"
        )
    if small:
        notes.append(f"under {SMALL_SHARE:.0%} of all")
    if ratio is not None and ratio < FOUR_FIFTHS:
        notes.append("below four fifths: have it looked into")
    return "; ".join(notes)


def _exact(of: Sequence[Person], best: Sequence[Person]) -> float:
    from scipy.stats import fisher_exact

    counts = [[_selected(each), len(each) - _selected(each)] for each in (of, best)]
    return float(fisher_exact(counts).pvalue)


def _selected(of: Sequence[Person]) -> int:
    return sum(person.selected for person in of)


def _scoring_rate(of: Sequence[Person], middle: float | None) -> float | None:
    levels = [person.level for person in of if person.level is not None]
    if middle is None or len(levels) < FEWEST:
        return None
    return sum(level > middle for level in levels) / len(levels)
