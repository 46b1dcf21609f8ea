"""Reads a script with its facts, and gives it the version by which everything that comes of it is known.

Every fault is collected before ContentError is raised, each with its line.
"""

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document, read_document
from knowledge.errors import ContentError, Problem
from knowledge.models import Fact
from knowledge.screening.models import Facts, Script

SHIPPED = Path(__file__).parent / "scripts"
SCHEMA = Path(__file__).parent / "script.schema.json"


@dataclass(frozen=True)
class LoadedScript:
    """A script that can be conducted, with the facts that may be told."""

    script: Script
    facts: tuple[Fact, ...]
    path: Path

    @property
    def version(self) -> str:
        return script_version(self.script, self.facts)


@dataclass(frozen=True)
class ScriptDraft:
    """What can be read of a script, faulty or not: what `lint` works on."""

    document: Document[Script]
    facts: Document[Facts] | None


def load_script(script: str | Path) -> LoadedScript:
    """A shipped script by name, or a file by path. Raises ContentError."""
    draft, faults = read_script(script)
    if draft is None or faults:
        raise ContentError(faults)
    facts = tuple(draft.facts.model.facts) if draft.facts else ()
    return LoadedScript(draft.document.model, facts, draft.document.path)


def read_script(script: str | Path) -> tuple[ScriptDraft | None, list[Problem]]:
    """The script, if its schema holds, and everything by which it cannot be conducted."""
    faults: list[Problem] = []
    document = read_document(_find(script), Script, faults)
    if document is None:
        return None, faults
    file = document.path.parent / document.model.candidate_questions.facts
    unread: list[Problem] = []
    facts = read_document(file, Facts, unread)
    if not file.is_file():
        message, fix = (
            f"there is no file {file}",
            "name a file beside the script; an empty one says `facts: []`",
        )
        unread = [document.problem(("candidate_questions", "facts"), message, fix)]
    return ScriptDraft(document, facts), [*faults, *unread, *_reference_problems(document)]


def script_version(script: Script, facts: Iterable[Fact]) -> str:
    """`id@version+hash`. The hash covers every word of the script and of its facts: an edit makes another script."""
    content = [script.model_dump(mode="json"), [fact.model_dump(mode="json") for fact in facts]]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return f"{script.id}@{script.version}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def shipped_scripts() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def schema_text() -> str:
    """The published schema, for editors that check and complete as one types."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "soundcheck/script.schema.json",
        **Script.model_json_schema(),
    }
    return json.dumps(schema, indent=2) + "\n"


def _find(script: str | Path) -> Path:
    path = Path(script).expanduser()
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    shipped = SHIPPED / f"{script}.yaml"
    if not shipped.is_file():
        fix = f"use one of {', '.join(shipped_scripts())}, or a .yaml file"
        raise ContentError([Problem(path, "script", "no script of that name", fix)])
    return shipped


def _reference_problems(document: Document[Script]) -> Iterator[Problem]:
    """Ids that are given twice, and ids that refer to nothing."""
    script = document.model
    for field, ids in (
        ("competencies", [each.id for each in script.competencies]),
        ("questions", [each.id for each in script.questions]),
        ("knockouts", [each.id for each in script.knockouts]),
    ):
        for index, given in enumerate(ids):
            if given in ids[:index]:
                place = (field, index, "id")
                yield document.problem(place, f"`{given}` is used twice", "give it an id of its own")
    known = [each.id for each in script.competencies]
    for index, question in enumerate(script.questions):
        if question.competency not in known:
            near = difflib.get_close_matches(question.competency, known, n=1)
            fix = f"write `{near[0]}`" if near else f"use one of: {', '.join(known)}"
            message = f"there is no competency `{question.competency}`"
            yield document.problem(("questions", index, "competency"), message, fix)
