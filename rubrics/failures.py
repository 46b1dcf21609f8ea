"""Reads why a test failed: what came out and what was expected, as far as the assertion says so."""

import ast
import re
from typing import NamedTuple

_ASSERTED = re.compile(r"^(?:AssertionError: )?assert (?P<whole>.+)$", re.MULTILINE)
_OBTAINED = re.compile(r"^Obtained: (?P<got>.+)\nExpected: (?P<expected>.+)$", re.MULTILINE)
_RAISED = re.compile(r"^(?P<error>[A-Za-z_.]*(?:Error|Exception|Exit|Interrupt|Iteration))\b")
_DID_NOT_RAISE = re.compile(r"DID NOT RAISE (?:<class ')?(?P<error>\w+)")


class Difference(NamedTuple):
    got: str
    expected: str


def difference(message: str | None) -> Difference | None:
    """The two sides of an assertion that compares; None where it does not."""
    if message is None:
        return None
    if told := _OBTAINED.search(message):
        return Difference(told["got"], told["expected"])
    if silent := _DID_NOT_RAISE.search(message):
        return Difference("no error", silent["error"])
    asserted = _ASSERTED.search(message)
    return _sides(asserted["whole"]) if asserted else None


def raised(message: str | None) -> str | None:
    """The error that ended a test, if it was not an assertion's."""
    found = _RAISED.match(message or "")
    return found["error"].rpartition(".")[2] if found and found["error"] != "AssertionError" else None


def _sides(whole: str) -> Difference | None:
    try:
        tree = ast.parse(whole, mode="eval").body
    except (
        SyntaxError,
        ValueError,
        MemoryError,
        RecursionError,
    ):  # pytest shortens long values: `[Row(a...b)]`
        got, compared, expected = whole.partition(" == ")
        return Difference(got, expected) if compared else None
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        sign = {ast.Eq: "", ast.Is: "", ast.LtE: "at most ", ast.Lt: "less than ", ast.GtE: "at least "}
        before = sign.get(type(tree.ops[0]))
        if before is not None:
            left, right = (ast.get_source_segment(whole, side) for side in (tree.left, tree.comparators[0]))
            return Difference(str(left), f"{before}{right}")
    return None
