"""Whether to probe an answer, and for what: a rubric row without evidence, or a point that was not covered."""

import asyncio
from dataclasses import dataclass
from random import Random

from graphs.deps import Deps
from graphs.evidence import gaps
from graphs.items import Item
from graphs.pads import is_writing, solved
from graphs.questions import LEAST_ANSWER_S, item, reserve_s, stage_left_s, total_left_s
from graphs.reading import shows, verdict_of
from graphs.remarks import Remark, code_remark, is_of_pad, rows_asked, sketch_remark
from graphs.scripted import written_probe
from graphs.state import AnswerRecord, State, board_of, plan_of, words_of

COVERED = 0.4
"""Similarity from which a point counts as covered: strong answers have half of theirs above it, others a tenth."""
LONG_ANSWER_WORDS = 1200
"""An answer of about eight minutes: it is not probed, so that the rest of the interview gets its time."""
OVERRUN = 1.5
"""A question that has taken so many times its share of the stage is not probed any further."""
WRITTEN_SHARES = 4
"""An answer that is written takes as long as so many others."""
SHOWN_ODDS = 0.5
"""Log-odds from which the model is believed that a row is shown; a small model leans towards yes."""
MODEL_CHECKS = 2
"""At most so many yes/no questions to the model before a reply; each costs about half a second."""


@dataclass(frozen=True)
class Probe:
    """A follow-up to be worded: what it is for and how it reads by hand."""

    target: str
    """A row, or the qualified id of a point."""
    text: str


async def next_probe(state: State, deps: Deps, answer: AnswerRecord) -> Probe | None:
    """The next follow-up; None where the answer has had its probes, its time, or leaves nothing to ask."""
    asked = item(deps, answer["question"])
    current = state["place"]["open"]
    words = words_of(state, answer)
    if asked is None or current is None:
        return None
    if deps.items:
        number = len(current["targets"])
        text = written_probe(asked, number, words)
        return Probe(f"{asked.id}#{number + 1}", text) if text else None
    if not has_time(state, words):
        return None
    if remark := next_remark(state, deps, answer, words):
        return Probe(remark.target, remark.text)
    if is_writing(state) or not may_probe(state, words):
        return None
    free = _unused(state, asked)
    done = {*current["targets"], *rows_asked(current["targets"])}
    rows = [row for row in asked.rows if row not in done and free.get(row)]
    missing, unsure = gaps(rows, words)
    if not missing:
        missing = await _really_missing(deps, asked, answer["id"], words, unsure)
    if missing:
        rng = Random(f"{plan_of(state).seed}:{asked.id}:{missing[0]}")
        return Probe(missing[0], rng.choice(free[missing[0]]))
    return await _for_point(deps, asked, words, current["targets"], [t for ts in free.values() for t in ts])


def next_remark(state: State, deps: Deps, answer: AnswerRecord, words: str) -> Remark | None:
    """What there is to ask about the code or the sketch."""
    board, current, topic = board_of(state, answer), state["place"]["open"], deps.topics.get(answer["topic"])
    if board is None or current is None:
        return None
    seed = f"{plan_of(state).seed}:{answer['question']}"
    if board.code:
        problem = deps.problems.get(answer["question"].partition("/")[2])
        statement = problem.statement if problem else ""
        targets, writing = current["targets"], is_writing(state)
        return code_remark(board, statement, words, targets, seed, writing=writing)
    if board.sketch is None:
        return None
    material = [*(point.text for point in topic.points), *topic.terms] if topic else []
    return sketch_remark(board.sketch, material, words, current["targets"], seed)


def is_written(state: State, answer: AnswerRecord) -> bool:
    """Whether the code is finished: the candidate says so, it passes, or there is no time left for it."""
    said_so = state["intent"] == "done"
    return said_so or solved(board_of(state, answer)) or not has_time(state, words_of(state, answer))


def may_probe(state: State, words: str) -> bool:
    """Whether number, length and time leave room for another follow-up."""
    current = state["place"]["open"]
    if current is None:
        return False
    probed = sum(not is_of_pad(target) for target in current["targets"])
    return probed < plan_of(state).probes and has_time(state, words)


def has_time(state: State, words: str) -> bool:
    """Whether length and time leave room for more on the same question."""
    plan, place = plan_of(state), state["place"]
    current = place["open"]
    if current is None or len(words.split()) > LONG_ANSWER_WORDS:
        return False
    left_s = min(stage_left_s(state), total_left_s(state)) - reserve_s(state, plan)
    shares = OVERRUN if current.get("writing") is None else WRITTEN_SHARES
    share_s = place["budget_s"] / plan.stages[place["stage"]].questions
    return left_s > LEAST_ANSWER_S and state["elapsed_s"] - current["began_s"] < shares * share_s


def _unused(state: State, asked: Item) -> dict[str, list[str]]:
    """The hand-written follow-ups by row that this interview has not used yet."""
    said = {turn["text"] for turn in state["turns"] if turn["speaker"] == "interviewer"}
    return {row: [text for text in texts if text not in said] for row, texts in asked.follow_ups.items()}


async def _really_missing(deps: Deps, asked: Item, answer: str, words: str, unsure: list[str]) -> list[str]:
    """The first of the unsure rows of which the model, too, finds nothing."""
    for row in unsure[:MODEL_CHECKS]:
        shown = deps.ahead.shown(answer, row, words)
        if shown is None:
            shown = await verdict_of(deps, shows(row, asked.text, words), at_least=SHOWN_ODDS)
            if shown is None:
                return []
            deps.ahead.note_shown(answer, row, words, shown)
        if not shown:
            return [row]
    return []


async def _for_point(
    deps: Deps, asked: Item, words: str, targets: list[str], texts: list[str]
) -> Probe | None:
    """The hand-written follow-up that comes nearest to the invited point covered least."""
    points = [point for point in asked.points if point not in targets]
    if deps.search is None or not points or not texts:
        return None
    covered = await asyncio.to_thread(deps.search.coverage, words, points)
    point = min(points, key=lambda p: covered.get(p, 0.0))
    if covered.get(point, 0.0) >= COVERED:
        return None
    nearness = [await asyncio.to_thread(deps.search.coverage, text, [point]) for text in texts]
    best = max(range(len(texts)), key=lambda i: nearness[i].get(point, 0.0))
    return Probe(point, texts[best])
