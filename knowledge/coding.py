"""The files beside a coding problem: what a candidate starts from, and the tests that the code has to face."""

from typing import Literal

from knowledge.loader import Content

Suite = Literal["visible", "hidden"]
SUITES: tuple[Suite, ...] = ("visible", "hidden")


def starter_of(content: Content, problem: str) -> str:
    """Empty for a problem that is only talked through. Raises KeyError where there is no such problem."""
    return _read(content, problem, "starter.py")


def suites_of(content: Content, problem: str) -> dict[Suite, str]:
    """Source by suite; none for a problem that is only talked through. Nobody is shown the hidden ones."""
    sources = {suite: _read(content, problem, f"tests_{suite}.py") for suite in SUITES}
    return {suite: source for suite, source in sources.items() if source}


def _read(content: Content, problem: str, name: str) -> str:
    path = content.folder / "coding" / content.problems[problem].id / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
