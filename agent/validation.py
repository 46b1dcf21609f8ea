"""Finds out what a content file is and has it checked by the package that reads it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import yaml

from agent.settings import Settings
from graphs.answerbook import load_answers, script_answers
from graphs.errors import LoopError
from graphs.loops import load_loop, shipped_loops
from graphs.persona import load_persona, shipped_personas
from graphs.plan import make_plan
from knowledge.errors import Problem
from knowledge.loader import guide_folder, load_content
from knowledge.models import Guide
from knowledge.screening.lint import lint
from knowledge.screening.loader import shipped_scripts
from knowledge.validate import guide_problems, lone_file_problems
from rubrics.errors import RubricError
from rubrics.loader import load_rubric, shipped_rubrics

_TOLD = re.compile(r"^(?:(?P<file>[^:\n]+?)(?::(?P<line>\d+))?: )?(?P<field>[^:\n]+): (?P<message>.+)$")
_FIX = "\n  fix: "
_P = ParamSpec("_P")


def all_problems(settings: Settings) -> list[Problem]:
    """Everything wrong with the settings' guide, and with the shipped loops, personas, scripts, answers and rubrics."""
    found = guide_problems(guide_folder(settings.guide), rubric_rows())
    for name in shipped_loops():
        found += _problems_of(Path(name), load_loop, name)
    for name in shipped_personas():
        found += _problems_of(Path(name), load_persona, name)
    for name in shipped_scripts():
        found += [finding.problem for finding in lint(name, rubric_rows())]
        found += _problems_of(Path(name), script_answers, name)
    return [
        *found,
        *_problems_of(Path("answers"), load_answers),
        *_problems_of(Path("rubrics"), shipped_rubrics),
    ]


def file_problems(path: Path, settings: Settings) -> list[Problem]:
    """Everything wrong with one file, or with the guide in one folder."""
    if path.is_dir():
        return guide_problems(guide_folder(path), rubric_rows())
    if not path.is_file():
        return [Problem(path, "file", "there is no such file", "check the path")]
    if around := _guide_around(path):
        own = path.resolve()
        return [p for p in guide_problems(around, rubric_rows()) if p.file.resolve() == own]
    keys = _top_level_keys(path)
    if {"rows", "levels"} <= keys:
        return _problems_of(path, load_rubric, path)
    if keys & {"answering", "behaviour", "manner"}:
        return _problems_of(path, load_persona, path)
    if {"consent", "questions"} <= keys:
        return [finding.problem for finding in lint(path, rubric_rows())]
    if "stages" in keys:
        return _loop_problems(path, load_content(settings.guide).guide)
    return lone_file_problems(path, keys)


def rubric_rows() -> set[str]:
    return {f"{rubric.id}.{row.id}" for rubric in shipped_rubrics().values() for row in rubric.rows}


def _loop_problems(path: Path, guide: Guide) -> list[Problem]:
    """Of the loop by itself, then of each of its stages against the guide."""
    if found := _problems_of(path, load_loop, path):
        return found
    loop = load_loop(path)
    for stage in loop.stages:
        found += _problems_of(path, make_plan, loop, guide, stages=[stage.id])
    return found


def _problems_of(
    path: Path, read: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs
) -> list[Problem]:
    """What a reader of another package complains of, told as it tells it."""
    try:
        read(*args, **kwargs)
    except (LoopError, RubricError) as error:
        return [_problem(path, told) for told in re.split(r"\n(?! {2}fix: )", str(error))]
    return []


def _problem(path: Path, told: str) -> Problem:
    what, _, fix = told.partition(_FIX)
    parts = _TOLD.match(what)
    if parts is None:
        return Problem(path, "file", what, fix or "correct the file")
    file, line = parts["file"], parts["line"]
    known = Path(file) if file and Path(file).exists() else path
    return Problem(known, parts["field"], parts["message"], fix, int(line) if line else None)


def _guide_around(path: Path) -> Path | None:
    """The guide's folder that a file lies in, if it is one of its content files."""
    return next((folder for folder in path.resolve().parents[:3] if (folder / "guide.yaml").is_file()), None)


def _top_level_keys(path: Path) -> set[str]:
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return set()
    return set(map(str, value)) if isinstance(value, dict) else set()
