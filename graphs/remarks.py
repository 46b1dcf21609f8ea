"""What the interviewer asks about code, test runs and sketches: rules find it, and every line is written by hand.

A question names what stands there: a test, a function, a box. The hidden tests and the reference solution are not
known here, so that nothing of them can be given away.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

import yaml

from graphs.board import Board, Run, Sketch, Verdict
from graphs.checks import MOST_WORDS
from graphs.code_reading import Finding, findings, plain
from graphs.evidence import shown
from graphs.lines import PROMPTS
from graphs.pads import solved
from rubrics.failures import difference, raised

MOST_OF_CODE, MOST_OF_SKETCH = 3, 2
"""At most so many of these questions for one answer, besides the other follow-ups."""
MOST_OF_ROW = {"code.correctness": 2}
MOST_WHILE_WRITING = 1
_PREFIX = "pad:"
_LABEL_WORDS = 6
_SPEAKABLE = re.compile(r"[A-Za-z0-9 .,'-]{1,32}")


class Remark(NamedTuple):
    target: str
    """Unlike any row or point."""
    text: str


class _Candidate(NamedTuple):
    rule: str
    detail: str
    values: Mapping[str, str]


def is_of_pad(target: str) -> bool:
    return target.startswith(_PREFIX)


def rows_asked(targets: Sequence[str]) -> set[str]:
    """Rubric rows that remarks were for."""
    return {target.split(":")[1] for target in targets if is_of_pad(target)}


def code_remark(
    board: Board, statement: str, words: str, targets: Sequence[str], seed: str, *, writing: bool
) -> Remark | None:
    """The next question about the code; while it is being written, only about a test that does not pass."""
    asked = [target for target in targets if is_of_pad(target)]
    if len(asked) >= (MOST_WHILE_WRITING if writing else MOST_OF_CODE):
        return None
    rows = [target.split(":")[1] for target in asked]
    candidates = _of_run(board.last_run)
    if not writing:
        candidates = [*candidates, *_of_code(board, statement, words)]
    for rule, detail, values in candidates:
        entry = _texts()["code"][rule]
        row, target = entry["row"], f"{_PREFIX}{entry['row']}:{rule}:{detail}"
        used = any(t.split(":")[2] == rule for t in asked) and rule not in ("failing", "failing_bare", "late")
        if target in asked or used or rows.count(row) >= MOST_OF_ROW.get(row, 1):
            continue
        if text := _worded(entry["ask"], values, f"{seed}:{target}"):
            return Remark(target, text)
    return None


def sketch_remark(
    sketch: Sketch, material: Sequence[str], words: str, targets: Sequence[str], seed: str
) -> Remark | None:
    """The next question about the sketch. `material` is what the topic's content says."""
    asked = [target for target in targets if is_of_pad(target)]
    if len(asked) >= MOST_OF_SKETCH or not sketch.boxes:
        return None
    for rule, detail, values in _of_sketch(sketch, material, words):
        target = f"{_PREFIX}sketch:{rule}:{detail}"
        if any(t.split(":")[2] == rule for t in asked):
            continue
        ask = _texts()["needs"][detail]["ask"] if rule == "need" else _texts()["sketch"][rule]["ask"]
        if text := _worded(ask, values, f"{seed}:{target}"):
            return Remark(target, text)
    return None


def _of_run(run: Run | None) -> list[_Candidate]:
    return [_of_test(test) for test in run.failed] if run else []


def _of_test(test: Verdict) -> _Candidate:
    name = plain(test.name.removeprefix("test_"))
    if test.status == "timed out":
        return _Candidate("late", test.name, {"test": name})
    differs = difference(test.message)
    if error := raised(test.message):
        return _Candidate("failing_bare", test.name, {"test": name, "message": f"{_article(error)} {error}"})
    got, expected = (_value(side) for side in differs) if differs else (None, None)
    if got and expected:
        return _Candidate("failing", test.name, {"test": name, "got": got, "expected": expected})
    ends = "Python ending early" if test.status == "crashed" else "an assertion that does not hold"
    return _Candidate("failing_bare", test.name, {"test": name, "message": ends})


def _of_code(board: Board, statement: str, words: str) -> Iterator[_Candidate]:
    found = findings(board.code, statement)
    whole = next((f for f in found if f.rule == "whole"), None)
    for finding in found:
        if finding.rule != "whole":
            yield _of_finding(finding)
    if whole is not None:
        name = {"name": f'"{plain(whole.name)}"'}
        if shown("code.testing", words) != "yes":
            yield _Candidate("testing" if solved(board) else "untested", whole.name, name)
        if shown("code.complexity", words) == "no":
            yield _Candidate("cost", whole.name, name)


def _of_finding(finding: Finding) -> _Candidate:
    values = {"name": f'"{plain(finding.name)}"', "what": finding.what, "parameter": finding.what}
    return _Candidate(finding.rule, f"{finding.name} {finding.what}".strip(), values)


def _of_sketch(sketch: Sketch, material: Sequence[str], words: str) -> Iterator[_Candidate]:
    degree, named = sketch.degree(), [box for box in sketch.boxes if _label(box.label)]
    if any(not _label(box.label) for box in sketch.boxes):
        yield _Candidate("nameless", "", {})
    if not sketch.arrows and len(named) > 1:
        yield _Candidate("no_arrows", "", {"box": _label(named[0].label), "other": _label(named[1].label)})
    elif sketch.arrows:
        for box in named:
            if not degree[box.id]:
                yield _Candidate("alone", box.label, {"box": _label(box.label)})
    yield from _of_needs(sketch, material, words)
    hub = max(named, key=lambda box: degree[box.id], default=None)
    if hub is not None:
        rule = "hub" if degree[hub.id] > 2 else "largest"
        yield _Candidate(rule, hub.label, {"box": _label(hub.label)})
    for arrow in sketch.arrows:
        ends = _label(sketch.label_of(arrow.source)), _label(sketch.label_of(arrow.target))
        if not arrow.label and all(ends):
            yield _Candidate("unlabelled", " ".join(ends), {"box": ends[0], "other": ends[1]})


def _of_needs(sketch: Sketch, material: Sequence[str], words: str) -> Iterator[_Candidate]:
    """What the topic's material speaks of, and neither the sketch nor the candidate."""
    told = " ".join([words, *(b.label for b in sketch.boxes), *(a.label for a in sketch.arrows)]).lower()
    content = " ".join(material).lower()
    for need, entry in _texts()["needs"].items():
        if any(word in content for word in entry["words"]) and not any(w in told for w in entry["words"]):
            yield _Candidate("need", need, {})


def _worded(ask: Sequence[str], values: Mapping[str, str], seed: str) -> str | None:
    """One of the phrasings that is short enough once it is filled in."""
    options = list(ask)
    Random(seed).shuffle(options)
    filled = [option.format(**values) for option in options]
    return next((t for t in filled if len(t.split()) <= MOST_WORDS and t.count("?") == 1), None)


def _value(text: str) -> str | None:
    """A short value as one says it; None for one that is not for the ear."""
    bare = re.sub(r"^-(?=\d)", "minus ", text.strip())
    bare = " ".join(re.sub(r"[\[\]()'\"]", " ", bare).split()).replace(" ,", ",") or {
        "[]": "an empty list",
        "''": "an empty text",
        "()": "an empty tuple",
    }.get(text.strip(), "")
    bare = "an empty dictionary" if text.strip() == "{}" else bare
    return bare if _SPEAKABLE.fullmatch(bare) and ":" not in bare else None


def _label(label: str) -> str:
    """A label as one says it: its first words, without signs."""
    kept = re.sub(r"[^\w\s'&/.,+-]", " ", label).replace("_", " ")
    return " ".join(kept.split()[:_LABEL_WORDS])


def _article(word: str) -> str:
    return "an" if word[0] in "AEIOU" else "a"


@cache
def _texts() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((PROMPTS / "remarks.yaml").read_text(encoding="utf-8")))
