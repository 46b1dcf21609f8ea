"""Reads a guide's folder: guide.yaml, topics/*.yaml, questions/*.yaml, phrasings/*.yaml, coding/*/problem.yaml.

Every fault of every file is collected before ContentError is raised, so that an author sees them all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.documents import Document, M, read_document
from knowledge.errors import ContentError, Problem
from knowledge.models import CodingProblem, Guide, Phrasings, QuestionBank, Topic
from knowledge.references import reference_problems

SHIPPED = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Content:
    """A guide with everything that belongs to it, by id."""

    folder: Path
    guide: Guide
    topics: Mapping[str, Topic]
    banks: Mapping[str, QuestionBank]
    problems: Mapping[str, CodingProblem]
    phrasings: Mapping[str, Phrasings] = field(default_factory=dict)
    """By topic; a guide may do without."""


@dataclass(frozen=True)
class Draft:
    """Those files of a guide that can be read; `faults` says what is wrong with the others."""

    folder: Path
    guide: Document[Guide] | None
    topics: list[Document[Topic]]
    banks: list[Document[QuestionBank]]
    problems: list[Document[CodingProblem]]
    phrasings: list[Document[Phrasings]]
    faults: list[Problem]


def load_content(guide: str | Path) -> Content:
    """The content of a shipped guide (by name) or of a folder.

    Every id in it refers to something that exists; whether its wording is fit to be asked is not looked at here
    (`knowledge.validate` does). Raises ContentError.
    """
    draft = read_draft(guide_folder(guide))
    faults = [*draft.faults, *draft_problems(draft)]
    if faults or draft.guide is None:
        raise ContentError(faults)
    return Content(
        draft.folder,
        draft.guide.model,
        {t.model.id: t.model for t in draft.topics},
        {b.model.topic: b.model for b in draft.banks},
        {p.model.id: p.model for p in draft.problems},
        {p.model.topic: p.model for p in draft.phrasings},
    )


def read_draft(folder: Path) -> Draft:
    """Everything of a guide that can be read, faulty or not."""
    faults: list[Problem] = []
    return Draft(
        folder,
        read_document(folder / "guide.yaml", Guide, faults),
        _read_all(folder, "topics/*.yaml", Topic, faults),
        _read_all(folder, "questions/*.yaml", QuestionBank, faults),
        _read_all(folder, "coding/*/problem.yaml", CodingProblem, faults),
        _read_all(folder, "phrasings/*.yaml", Phrasings, faults),
        faults,
    )


def draft_problems(draft: Draft) -> list[Problem]:
    """Where the ids in the readable files do not fit together."""
    return reference_problems(draft.guide, draft.topics, draft.banks, draft.problems, draft.phrasings)


def guide_folder(guide: str | Path) -> Path:
    """Where a guide lies: a path that exists wins over a shipped guide of that name."""
    for folder in (Path(guide).expanduser(), SHIPPED / guide):
        if (folder / "guide.yaml").is_file():
            return folder
    names = ", ".join(sorted(p.parent.name for p in SHIPPED.glob("*/guide.yaml")))
    fix = f"name a shipped guide ({names}) or a folder that holds a guide.yaml"
    raise ContentError([Problem(Path(guide), "guide", "no guide of that name, and no guide.yaml there", fix)])


def _read_all(folder: Path, pattern: str, model: type[M], faults: list[Problem]) -> list[Document[M]]:
    read = (read_document(path, model, faults) for path in sorted(folder.glob(pattern)))
    return [document for document in read if document is not None]
