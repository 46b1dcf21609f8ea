"""Rules on follow-ups: each goes after something that the answer has not shown yet, and a gap is not passed over.

Whether an answer shows a row is judged by the rubric's own cues, not by the signals that the interview uses.
"""

from collections.abc import Iterator

from evals.interviewer.record import Asked, Line, Record, World, plain, sentences_of
from evals.interviewer.rules import Verdict
from rubrics.evidence import candidates
from rubrics.models import Row
from rubrics.sentences import sentences

PLAINLY = 0.6
"""Share of a row's checks with a sentence that may show them from which nobody needs to ask for the row."""
LEAST_WORDS = 12
LONGEST_WORDS = 900
LEAST_LEFT_S = 240.0
"""With less time than this left in a stage, an interviewer may rather move on."""


def probes_what_is_missing(record: Record, world: World) -> Iterator[Verdict]:
    """A follow-up for a row that is plainly shown is a fault while another row of the question shows nothing."""
    for place, line in record.asks():
        asked = world.questions.get(line.question or "")
        target = _row_asked(line, asked) if line.kind == "probe" and asked else None
        if asked is None or target is None:
            continue
        said = _answer(record, place, line.question)
        taken = _rows_probed(record, place, asked, line.question)
        empty = [r for r in asked.rows if r not in (target, *taken) and _shown(r, said, world) == 0.0]
        known = _shown(target, said, world)
        misaimed = bool(empty) and known is not None and known >= PLAINLY
        yield Verdict(place, f"asks for {target}, while {empty[0]} shows nothing" if misaimed else None)


def leaves_no_gap(record: Record, world: World) -> Iterator[Verdict]:
    """What was volunteered at some length and shows nothing for a row gets a follow-up, if there is time for one."""
    began: dict[str, float] = {}
    for line in record.lines:
        began.setdefault(line.stage, line.at_s)
    budgets = {stage.id: stage.budget_s for stage in record.plan.stages}
    for answer in record.view.answers:
        asked = world.questions.get(answer.question)
        places = [p for p, line in record.asks() if line.question == answer.question]
        said = _answer(record, places[1] if len(places) > 1 else len(record.lines), answer.question)
        if asked is None or answer.skipped or not LEAST_WORDS <= len(said.split()) <= LONGEST_WORDS:
            continue
        over = max(line.at_s for line in record.lines if line.question == answer.question)
        left_s = began[answer.stage] + budgets[answer.stage] - over
        gaps = [row for row in asked.rows if _shown(row, said, world) == 0.0]
        if gaps and left_s > LEAST_LEFT_S and record.plan.probes:
            yield Verdict(places[-1], f"nothing on {gaps[0]} was asked for" if len(places) < 2 else None)


def _row_asked(line: Line, asked: Asked) -> str | None:
    """The row whose hand-written follow-up the line holds; None for one in other words."""
    parts = [plain(part) for part in sentences_of(line.text)]
    for row, texts in asked.follow_ups.items():
        for text in texts:
            if all(plain(part) in parts for part in sentences_of(text)):
                return row
    return None


def _rows_probed(record: Record, place: int, asked: Asked, question: str | None) -> list[str]:
    earlier = [line for p, line in record.asks() if p < place and line.question == question]
    return [row for line in earlier if line.kind == "probe" and (row := _row_asked(line, asked))]


def _answer(record: Record, place: int, question: str | None) -> str:
    lines = record.lines[:place]
    return "\n".join(x.text for x in lines if x.speaker == "candidate" and x.question == question)


def _shown(row: str, answer: str, world: World) -> float | None:
    """The share of a row's checks that some sentence may show; None where the rubric has no cues to tell by."""
    found = _row(row, world)
    if found is None or not all(check.cues for check in found.checks):
        return None
    spans = sentences(answer)
    return sum(bool(candidates(check, answer, spans)) for check in found.checks) / len(found.checks)


def _row(row: str, world: World) -> Row | None:
    rubric, _, name = row.partition(".")
    rows = world.rubrics[rubric].rows if rubric in world.rubrics else []
    return next((each for each in rows if each.id == name), None)
