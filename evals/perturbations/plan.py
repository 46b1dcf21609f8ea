"""Which answers are graded, and which changes are made to which of them.

Every generator meets only some of the answers, in turn: pairs of one answer have much in common, so a few pairs of
many answers say more than all pairs of a few, for the same time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from random import Random

from evals.datasets import OVERALL, Item
from evals.perturbations import floors, inflation, injecting, loss, speech, wording
from evals.perturbations.models import Change, Family, Generator, Subject
from evals.runlog import Graded
from rubrics.gates import screen
from rubrics.levels import HIGHEST

RUNGS = 3
"""Weak, ok and strong."""
REPEATS = 4
"""How often an answer is graded again."""
AGAIN, APART = "graded again", "rows asked alone, last first"
"""Laws whose answer is the same; only how often, or in which order, the grader is asked differs."""
_ROOM_ABOVE = 0.5
_ANSWERS_AGAIN_SHARE, _ANSWERS_APART_SHARE = 3, 2
"""One for so many pairs of another law."""
_ATTEMPTS = 9
"""Attempts to speak to the grader for each pair of another law."""


def pick(items: Sequence[Item], answers: int, seed: int) -> list[Item]:
    """Ladders of three answers to one question, weak, ok and strong, the rubrics in turn; at least so many answers."""
    ladders: dict[str, list[list[Item]]] = defaultdict(list)
    for question in sorted({item.cluster for item in items}):
        rated = [i for i in items if i.cluster == question and i.target(OVERALL) is not None]
        if len({i.target(OVERALL) for i in rated}) >= RUNGS:
            ladders[rated[0].rubric].append(_rungs(rated, Random(f"{seed} {question}")))
    for rubric, each in ladders.items():
        Random(f"{seed} {rubric}").shuffle(each)
    in_turn = [
        ladder
        for turn in range(max(map(len, ladders.values()), default=0))
        for rubric in sorted(ladders)
        for ladder in ladders[rubric][turn : turn + 1]
    ]
    return [item for ladder in in_turn[: -(-answers // RUNGS)] for item in ladder]


def plan(
    graded: Sequence[Graded], pool: Sequence[Item], families: Collection[Family], *, pairs: int, seed: int
) -> list[Item]:
    """The changed answers: about `pairs` of each generator. What an answer is a change of is in its `groups`."""
    subjects = [_subject(each, pool) for each in graded if each.trace.grade.overall is not None]
    below = [s for s in subjects if s.grade.overall and s.grade.overall.level <= HIGHEST - _ROOM_ABOVE]
    askers = [next(s for s in subjects if s.item.cluster == c) for c in _clusters(subjects)]
    read = [s for s in subjects if reading(s.item) is not None]
    wanted: list[tuple[Generator, Sequence[Subject], int]] = [
        *((g, subjects, pairs) for g in (*speech.GENERATORS, *wording.GENERATORS)),
        (Generator(APART, "still", _scored_rows), read, -(-pairs // _ANSWERS_APART_SHARE)),
        *((g, below, pairs) for g in inflation.GENERATORS),
        *((g, subjects, pairs) for g in loss.GENERATORS),
        *((g, askers, pairs) for g in floors.GENERATORS),
        *((g, below, 1) for g in injecting.generators(_ATTEMPTS * pairs, Random(seed))),
    ]
    changed = [
        _item(subject, generator, change)
        for turn, (generator, among, most) in enumerate(wanted)
        if generator.family in families
        for subject, change in _made(generator, among, most, turn, seed)
    ]
    if "retest" in families:
        middling_first = [*read[1::RUNGS], *read[::RUNGS], *read[2::RUNGS]]
        changed += _repeats(middling_first[: -(-pairs // _ANSWERS_AGAIN_SHARE)])
    return [item.model_copy(update={"id": f"{item.id}~{n}"}) for n, item in enumerate(changed)]


def readings(items: Iterable[Item]) -> int:
    """How many answers the model has to read; the others are decided by a gate, or read like one before."""
    again = [item for item in items if set(item.groups.get("law", [])) & {AGAIN, APART}]
    once = {reading(item) for item in items if item not in again}
    return len(again) + len(once - {None})


def reading(item: Item) -> tuple[str, str, str] | None:
    """What the model reads of an answer; None where a gate decides."""
    screened = screen(item.question, item.answer)
    if screened.outcome != "grade":
        return None
    return item.rubric, item.question, " ".join(span.of(item.answer) for span in screened.readable)


def _rungs(rated: Sequence[Item], random: Random) -> list[Item]:
    """An answer at the lowest level, one at the middle level and one at the highest."""
    levels = sorted({item.target(OVERALL) or 0.0 for item in rated})
    chosen = (levels[0], levels[len(levels) // 2], levels[-1])
    return [random.choice([item for item in rated if item.target(OVERALL) == level]) for level in chosen]


def _subject(graded: Graded, pool: Sequence[Item]) -> Subject:
    item = graded.item
    others = tuple(i for i in pool if i.rubric == item.rubric and i.cluster != item.cluster)
    return Subject(item, graded.trace.grade, others)


def _clusters(subjects: Iterable[Subject]) -> list[str]:
    return list(dict.fromkeys(subject.item.cluster for subject in subjects))


def _scored_rows(subject: Subject, _: Random) -> Change:
    rows = subject.grade.rows.items()
    return Change(subject.text, rows=tuple(name for name, row in rows if row.level is not None))


def _made(
    generator: Generator, among: Sequence[Subject], most: int, turn: int, seed: int
) -> list[tuple[Subject, Change]]:
    """Beginning with another answer for each generator."""
    start = turn * most % max(1, len(among))
    made: list[tuple[Subject, Change]] = []
    for subject in (*among[start:], *among[:start]):
        if len(made) == most:
            break
        change = generator.make(subject, Random(f"{seed} {subject.item.id} {generator.name}"))
        if change is not None:
            made.append((subject, change))
    return made


def _repeats(subjects: Sequence[Subject]) -> list[Item]:
    again = Generator(AGAIN, "retest", _scored_rows)
    return [_item(subject, again, Change(subject.text)) for subject in subjects for _ in range(REPEATS)]


def _item(subject: Subject, generator: Generator, change: Change) -> Item:
    item = subject.item
    return item.model_copy(
        update={
            "question": change.question or item.question,
            "answer": change.answer,
            "gold": [],
            "groups": {
                "family": [generator.family],
                "law": [generator.name],
                "of": [item.id],
                "rows": list(change.rows),
            },
            "provenance": f"{item.provenance}, changed by a program",
        }
    )
