"""Every coding problem is solvable as stated, unsolved at the start, and its tests see through plausible mistakes."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.loader import SHIPPED, load_content
from knowledge.models import CodingProblem

GUIDE = SHIPPED / "spotify-staff-ml"
FOLDERS = {path.parent.name: path.parent for path in sorted(GUIDE.glob("coding/*/problem.yaml"))}
CODE = [slug for slug, folder in FOLDERS.items() if (folder / "solution.py").exists()]
RUNNER = Path(__file__).with_name("coding_runner.py")
RUN_LIMIT_S = 180
TESTS = {"solution": ("tests_visible.py", "tests_hidden.py"), "starter": ("tests_visible.py",)}
"""Which tests each candidate faces; mistakes face the hidden ones."""


class Mistake(BaseModel):
    """An entry of `mistakes.yaml`: an edit that turns the reference solution into a plausible wrong one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mistake: str
    instead_of: str
    write: str

    def made_in(self, solution: str) -> str:
        old, new = self.instead_of.rstrip("\n"), self.write.rstrip("\n")
        assert solution.count(old) == 1, f"{self.mistake!r}: {old!r} must occur exactly once in the solution"
        return solution.replace(old, new)


class Outcome(BaseModel):
    passed: list[str]
    failed: list[str]


def mistakes(slug: str) -> list[Mistake]:
    entries = yaml.safe_load((FOLDERS[slug] / "mistakes.yaml").read_text(encoding="utf-8"))
    return [Mistake.model_validate(entry) for entry in entries]


def candidates(slug: str) -> dict[str, str]:
    """Code to be tested, by what it is."""
    solution = (FOLDERS[slug] / "solution.py").read_text(encoding="utf-8")
    starter = (FOLDERS[slug] / "starter.py").read_text(encoding="utf-8")
    wrong = {f"mistake-{i}": m.made_in(solution) for i, m in enumerate(mistakes(slug))}
    return {"solution": solution, "starter": starter, **wrong}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What became of every candidate of every problem, by `slug.candidate`."""
    root = tmp_path_factory.mktemp("coding")
    for slug in CODE:
        for name, code in candidates(slug).items():
            folder = root / f"{slug}.{name}"
            folder.mkdir()
            (folder / "solution.py").write_text(code, encoding="utf-8")
            for tests in TESTS.get(name, ("tests_hidden.py",)):
                shutil.copy(FOLDERS[slug] / tests, folder)
    subprocess.run(
        [sys.executable, str(RUNNER), str(root)],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=True,
        timeout=RUN_LIMIT_S,
    )
    results = json.loads((root / "results.json").read_text(encoding="utf-8"))
    return {name: Outcome.model_validate(result) for name, result in results.items()}


@pytest.fixture(scope="module")
def problems() -> dict[str, CodingProblem]:
    return dict(load_content(GUIDE).problems)


def test_the_coding_stage_has_problems_of_both_kinds(problems: dict[str, CodingProblem]) -> None:
    assert len(problems) >= 12
    assert {p.kind for p in problems.values()} == {"code", "discussion"}
    assert [slug for slug, p in problems.items() if p.kind == "code"] == CODE


@pytest.mark.parametrize("slug", FOLDERS)
def test_a_problem_is_complete_and_can_be_read_out(slug: str, problems: dict[str, CodingProblem]) -> None:
    problem = problems[slug]
    spoken = problem.statement.split("\n\n")[0]
    assert len(spoken.split()) <= 90
    assert not set("`*_|#") & set(spoken)
    assert len(problem.hints) == 3
    assert 4 <= len(problem.talking_points) <= 6
    expected = {"problem.yaml", "solution.md"}
    if problem.kind == "code":
        python = {f"{name}.py" for name in ("starter", "solution", "tests_visible", "tests_hidden")}
        expected = {"problem.yaml", "mistakes.yaml", *python}
    assert {path.name for path in FOLDERS[slug].iterdir() if path.is_file()} == expected


@pytest.mark.parametrize("slug", CODE)
def test_there_are_a_few_visible_tests_and_enough_hidden_ones(slug: str) -> None:
    def count(file: str) -> int:
        nodes = ast.parse((FOLDERS[slug] / file).read_text(encoding="utf-8")).body
        return sum(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in nodes)

    assert 3 <= count("tests_visible.py") <= 5
    assert 6 <= count("tests_hidden.py") <= 12


@pytest.mark.parametrize("slug", CODE)
def test_the_reference_solution_passes(slug: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[f"{slug}.solution"]
    assert outcome.failed == []
    assert {name.split("::")[0] for name in outcome.passed} == {"tests_visible.py", "tests_hidden.py"}


@pytest.mark.parametrize("slug", CODE)
def test_the_untouched_starter_fails_a_visible_test(slug: str, outcomes: dict[str, Outcome]) -> None:
    failed = outcomes[f"{slug}.starter"].failed
    assert any(name.startswith("tests_visible.py::") for name in failed)


@pytest.mark.parametrize(
    ("slug", "index", "mistake"),
    [pytest.param(s, i, m.mistake, id=f"{s}-{i}") for s in CODE for i, m in enumerate(mistakes(s))],
)
def test_a_plausible_mistake_fails_a_hidden_test(
    slug: str, index: int, mistake: str, outcomes: dict[str, Outcome]
) -> None:
    failed = outcomes[f"{slug}.mistake-{index}"].failed
    assert any(name.startswith("tests_hidden.py::") for name in failed), mistake


@pytest.mark.parametrize("slug", CODE)
def test_every_problem_names_at_least_two_mistakes(slug: str) -> None:
    assert len(mistakes(slug)) >= 2
