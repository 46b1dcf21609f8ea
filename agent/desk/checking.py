"""Whether a script may be put to people, and how it stands to the one that earlier candidates were asked."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from agent.desk.screenings import Desk
from agent.validation import rubric_rows
from knowledge.errors import ContentError
from knowledge.screening.changes import EFFECTS, changes
from knowledge.screening.findings import Finding, Kind
from knowledge.screening.lint import lint
from knowledge.screening.loader import LoadedScript, load_script

CANNOT_BE_GRADED: Collection[Kind] = ("schema", "row")
MUST_NOT_BE_ASKED: Collection[Kind] = (*CANNOT_BE_GRADED, "unlawful", "disclosure", "consent", "decision")
"""Findings with which nobody is to be screened; of the others a recruiter may know better."""


def checked(script: str | Path, stops: Collection[Kind]) -> tuple[LoadedScript, list[Finding]]:
    """The script, and what is wrong with it besides. Raises ContentError for findings of the kinds that stop it."""
    found = lint(script, rubric_rows())
    if grave := [finding.problem for finding in found if finding.kind in stops]:
        raise ContentError(grave)
    return load_script(script), found


def against_earlier(desk: Desk, loaded: LoadedScript) -> str | None:
    """What an edit means for comparing the next candidate with the last ones; None where there was none."""
    same = [s for s in desk.all() if s.info.script.id == loaded.script.id]
    others = Counter(s.info.version for s in same if s.info.version != loaded.version)
    if not others:
        return None
    last = next(s for s in same if s.info.version in others)
    before = LoadedScript(last.info.script, tuple(last.info.facts), loaded.path)
    effects = {change.effect for change in changes(before, loaded)}
    worst = next(meaning for effect, meaning in EFFECTS.items() if effect in effects)
    number = others[last.info.version]
    people = f"{number} {'candidate' if number == 1 else 'candidates'}"
    return f"{loaded.version} differs from {last.info.version}, which {people} had: {worst}"
