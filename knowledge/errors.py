"""Errors of the content.

KnowledgeError
├── ContentError      a content file is wrong: names file, field and fix
└── IndexUnavailable  the search index cannot be opened or built
"""

from dataclasses import dataclass
from pathlib import Path


class KnowledgeError(Exception):
    """Something about the content that the user can mend."""


@dataclass(frozen=True)
class Problem:
    """One fault in one content file."""

    file: Path
    field: str
    message: str
    fix: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.field}: {self.message}\n  fix: {self.fix}"


class ContentError(KnowledgeError):
    """Content that cannot be used; `problems` holds every fault found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class IndexUnavailable(KnowledgeError):
    """The search index could not be opened, built or read."""
