"""Rules on the course of the interview: what is asked when, how requests and nonsense are met, and how it ends."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from evals.interviewer.record import Record, World, plain, sentences_of
from evals.interviewer.rules import Verdict

SAME = 0.85
"""Likeness from which two questions are one."""
SUBSTANTIAL_WORDS = 25
MOST_ROUNDS = 8
"""Turns of a candidate on one question or follow-up before the interviewer has to have moved on."""
GRACE_S = 30.0
_GOES_BACK = re.compile(
    r"\b(?:previous|earlier|last|before that|first) (?:question|answer|one)\b", re.IGNORECASE
)


def never_repeats(record: Record, world: World) -> Iterator[Verdict]:
    """Nothing is asked twice, in the same or nearly the same words."""
    asked: list[str] = []
    for place, line in record.asks():
        core = _core(line.text, line.kind)
        twice = any(_alike(one, core) for one in asked) and not _withdrawn(record, place)
        yield Verdict(place, "asks the same again" if twice else None)
        asked.append(core)


def hears_answers(record: Record, world: World) -> Iterator[Verdict]:
    """A question is said again only where there was no answer to it yet."""
    standing, answered = "", False
    for place, line in enumerate(record.lines):
        if line.speaker == "candidate":
            long = len(line.text.split()) >= SUBSTANTIAL_WORDS
            answered = answered or (long and not _GOES_BACK.search(line.text))
        elif line.kind in ("question", "probe"):
            standing, answered = _core(line.text, line.kind), False
        elif line.kind in ("invitation", "greeting", "handover"):
            standing = ""
        elif standing and answered:
            again = _alike(standing, _core(line.text, line.kind)) and not _withdrawn(record, place)
            yield Verdict(place, "asks again what was answered" if again else None)


def keeps_time(record: Record, world: World) -> Iterator[Verdict]:
    """Nothing new is asked once a stage's time is up; after that only the turn under way is heard to its end."""
    budgets = {stage.id: stage.budget_s for stage in record.plan.stages}
    began: dict[str, float] = {}
    for line in record.lines:
        began.setdefault(line.stage, line.at_s)
    for place, line in record.asks():
        over_s = line.at_s - began[line.stage] - budgets.get(line.stage, 0.0)
        yield Verdict(place, f"asked {over_s:.0f} s after the stage's time" if over_s > GRACE_S else None)
    longest_s = max(after.at_s - line.at_s for line, after in pairwise(record.lines))
    over_s = record.lines[-1].at_s - record.plan.budget_s - longest_s - GRACE_S
    yield Verdict(len(record.lines) - 1, f"ends {over_s:.0f} s too late" if over_s > 0 else None)


def recovers(record: Record, world: World) -> Iterator[Verdict]:
    """No question goes on for ever, and no reply is given twice in a row."""
    rounds, before = 0, ""
    for place, line in enumerate(record.lines):
        if line.speaker == "interviewer":
            rounds = 0 if line.kind in ("question", "probe", "greeting", "invitation") else rounds
            continue
        rounds += 1
        reply = " ".join(each.text for each in record.replies(place))
        if rounds > MOST_ROUNDS:
            yield Verdict(place, f"still at the same question after {rounds} turns")
        elif reply and reply == before and line.kind != "more words":
            yield Verdict(place, "replies with the same words twice in a row")
        else:
            yield Verdict(place, None)
        before = reply


def ends_once(record: Record, world: World) -> Iterator[Verdict]:
    last = len(record.lines) - 1
    closings = [place for place, line in enumerate(record.lines) if line.kind == "closing"]
    greeted = [line.stage for line in record.lines if line.kind == "greeting"]
    if not record.view.finished:
        yield Verdict(last, "has not ended")
    elif closings != [last]:
        yield Verdict(last, f"{len(closings)} closings, or words after one")
    elif len(greeted) != len(set(greeted)):
        yield Verdict(last, "opens a stage twice")
    else:
        yield Verdict(last, None)


def keeps_every_word(record: Record, world: World) -> Iterator[Verdict]:
    """What a candidate said stands in the transcript, whole and once; what comes later joins its turn."""
    stored = {turn.id: plain(turn.text) for turn in record.view.turns if turn.speaker == "candidate"}
    said: dict[str, tuple[int, str]] = {}
    for place, line in enumerate(record.lines):
        if line.speaker == "candidate" and line.kind != "silence":
            before = said.get(line.turn, (place, ""))[1]
            said[line.turn] = (place, f"{before} {line.text}")
    for turn, (place, text) in said.items():
        yield Verdict(
            place, None if stored.get(turn) == plain(text) else "words are missing from the transcript"
        )


def _core(text: str, kind: str) -> str:
    """What is asked: the last sentence that asks, or the last one; of a question, with what leads up to it."""
    parts = sentences_of(text)
    last = next(
        (place for place in reversed(range(len(parts))) if parts[place].endswith("?")), len(parts) - 1
    )
    first = last if kind == "probe" else max(0, last - 1)
    return plain(" ".join(parts[first : last + 1]))


def _alike(one: str, other: str) -> bool:
    return bool(one) and SequenceMatcher(None, one.split(), other.split()).ratio() >= SAME


def _withdrawn(record: Record, place: int) -> bool:
    """Whether this line replaces, or is replaced by, another: the candidate had not finished."""
    after = next((line for line in record.lines[place + 1 :] if line.speaker == "candidate"), None)
    before = next((line for line in reversed(record.lines[:place]) if line.speaker == "candidate"), None)
    return any(line is not None and line.kind == "more words" for line in (after, before))
