import pytest

from graphs.code_reading import Finding, findings, plain
from knowledge.coding import starter_of
from knowledge.loader import Content

THREADED = "It is used by many request threads at once."


def rules(code: str, statement: str = "") -> list[tuple[str, str, str]]:
    found = findings(code, statement)
    return [(f.rule, f.name, f.what) for f in found if f.rule != "whole"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def mean(rows):\n    return sum(rows) / len(rows)", ("division", "mean", 'the length of "rows"')),
        ("def share(a, total):\n    return a % total", ("division", "share", '"total"')),
        ("def first(rows):\n    return rows[0]", ("first", "first", 'the first element of "rows"')),
        ("def best(rows):\n    return max(rows)", ("first", "best", 'the largest of "rows"')),
        ("def f(a, k):\n    return a", ("unused", "f", '"k"')),
        (
            "def f(a):\n    try:\n        return a\n    except Exception:\n        return None",
            ("swallowed", "f", ""),
        ),
        ("def f(a):\n    for x in a:\n        print([y for y in a if y == x])", ("nested", "f", "")),
        ("def f(a):\n    return a.pop(0)", ("shifting", "f", "pop at position zero")),
        ("def f(a):\n    return sorted(a)", ("sorts", "f", "")),
        ('def f(a):\n    """Later."""\n    ...', ("stub", "f", "")),
        ("def f(a):\n    raise NotImplementedError", ("stub", "f", "")),
    ],
)
def test_what_stands_in_the_code_is_found(code: str, found: tuple[str, str, str]) -> None:
    assert found in rules(code)


@pytest.mark.parametrize(
    "code",
    [
        "def mean(rows):\n    if not rows:\n        return 0\n    return sum(rows) / len(rows)",
        "def mean(rows):\n    return sum(rows) / len(rows) if rows else 0",
        "def half(n):\n    return n / 2",
        "def best(rows):\n    return max(rows, default=None)",
        "def name(n):\n    return '%s' % n" if False else "def name(n):\n    return n + 1",
        "def f(_ignored):\n    return 1",
        "def f(a):\n    try:\n        return a\n    except ValueError:\n        return None",
        "def f(a):\n    for x in a:\n        print(x)",
        "def f(a):\n    while a and a[0] < 3:\n        a.popleft()",
    ],
)
def test_what_is_taken_care_of_is_left_alone(code: str) -> None:
    assert rules(code) == []


def test_state_that_threads_share_is_found_only_where_the_problem_speaks_of_threads() -> None:
    code = "class Cache:\n    def put(self, key, value):\n        self.entries[key] = value\n"
    assert rules(code, THREADED) == [("threads", "put", "")]
    assert rules(code) == []
    assert rules(f"import threading\nlock = threading.Lock()\n{code}", THREADED) == []


@pytest.mark.parametrize("code", ["", "def f(:", "x = (" * 500, "\0"])
def test_code_that_cannot_be_read_gives_no_findings(code: str) -> None:
    assert findings(code, THREADED) == []


def test_the_starters_are_stubs_and_the_solutions_are_read_without_fail(content: Content) -> None:
    for problem in content.problems.values():
        if starter := starter_of(content, problem.id):
            assert findings(starter, problem.statement)[0].rule == "stub"
            solution = (content.folder / "coding" / problem.id / "solution.py").read_text()
            assert Finding("stub", "x") not in findings(solution, problem.statement)
            assert findings(solution, problem.statement)[-1].rule == "whole"


def test_names_are_said_without_signs() -> None:
    assert plain("_drop_expired") == "drop expired"
