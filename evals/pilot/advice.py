"""What the figures of a pilot mean for whoever wrote the script, in plain words; and its gates."""

from collections.abc import Iterator, Sequence
from typing import get_args

from evals.pilot.models import Advice, Concern, MannerFigures, QuestionFigures
from evals.scores import Figure, Gate, Sense, Verdict

LEAST_TAU, MOST_MANNER = 0.8, 0.25
SEPARATES, HARDLY_SEPARATES = 0.6, 0.3
TOO_HARD, TOO_EASY = 0.6, 0.6
"""Shares of levels at the floor and at the ceiling from which a question says little."""
MOST_MISSING = 0.4
BOTH_PROBES = 1.8
"""Mean number of probes from which nearly everybody gets both."""
FEWEST_CANDIDATES = 9


def gates(tau: Figure, manners: Sequence[MannerFigures], candidates: int) -> list[Gate]:
    too_few = candidates < FEWEST_CANDIDATES
    few = f"too few to say: {candidates} candidates; it takes {FEWEST_CANDIDATES}" if too_few else ""
    largest = max((abs(m.effect.value) for m in manners if m.effect.value is not None), default=None)
    return [
        _gate("order of the intended levels", tau.value, "at least", LEAST_TAU, few),
        _gate("largest effect of a manner", largest, "at most", MOST_MANNER, few),
    ]


def advise(
    questions: Sequence[QuestionFigures],
    manners: Sequence[MannerFigures],
    minutes: float,
    planned: float,
    passed_on: dict[str, int],
) -> list[Advice]:
    """The most pressing first; one line that nothing stands out where nothing does."""
    found = [advice for question in questions for advice in _of_question(question)]
    found += _of_manners(manners)
    if minutes > planned:
        text = f"Conversations take {minutes:.0f} minutes, and candidates are told {planned:g}: leave out a question."
        found.append(Advice(question=None, concern="time", text=text))
    for asked, times in list(passed_on.items())[:3]:
        often = "once" if times == 1 else f"{times} times"
        text = f'"{asked}" was asked {often} and had to be passed on: add it to the facts if you can.'
        found.append(Advice(question=None, concern="evidence", text=text))
    found.sort(key=lambda advice: get_args(Concern).index(advice.concern))
    return found or [
        Advice(
            question=None, concern="fine", text="Nothing stands out. A pilot with people may still find more."
        )
    ]


def _of_question(q: QuestionFigures) -> Iterator[Advice]:
    def say(concern: Concern, text: str) -> Advice:
        return Advice(question=q.id, concern=concern, text=text)

    name = q.id.rpartition("/")[2]
    tells = q.discrimination
    if tells is not None and tells < HARDLY_SEPARATES:
        yield say(
            "drop", f"{name} hardly tells strong from weak answers ({tells:.2f}): drop it, or ask for a case."
        )
    elif tells is not None and tells < SEPARATES:
        yield say(
            "reword", f"{name} tells strong from weak answers only at times ({tells:.2f}): ask more narrowly."
        )
    if q.floor >= TOO_HARD:
        yield say(
            "reword", f"{name} leaves {q.floor:.0%} at the bottom: most cannot have it, or do not understand."
        )
    if q.ceiling >= TOO_EASY:
        yield say("reword", f"{name} puts {q.ceiling:.0%} at the top: ask for something harder.")
    if q.missing_evidence >= MOST_MISSING:
        share = f"{q.missing_evidence:.0%}"
        yield say(
            "evidence", f"{name} leaves nothing to quote in {share} of answers: ask for a case, not a view."
        )
    if q.probes >= BOTH_PROBES:
        yield say(
            "probes", f"{name} needs both probes nearly every time: put what they ask for into the question."
        )
    if q.minutes > q.planned_minutes:
        yield say("time", f"{name} takes {q.minutes:.1f} minutes and is planned with {q.planned_minutes:g}.")


def _of_manners(manners: Sequence[MannerFigures]) -> Iterator[Advice]:
    for m in manners:
        if m.effect.value is not None and abs(m.effect.value) > MOST_MANNER:
            way = "lower" if m.effect.value < 0 else "higher"
            apart = f"{abs(m.effect.value):.2f} levels {way} than plain ones of the same people"
            text = f"{m.manner} answers come out {apart}: do not rely on machine levels here."
            yield Advice(question=None, concern="manner", text=text)


def _gate(name: str, figure: float | None, sense: Sense, bar: float, few: str) -> Gate:
    if figure is None or few:
        return Gate(
            name=name, figure=figure, sense=sense, bar=bar, verdict="no verdict", why=few or "not defined"
        )
    passed = figure >= bar if sense == "at least" else figure <= bar
    verdict: Verdict = "passed" if passed else "failed"
    return Gate(name=name, figure=round(figure, 3), sense=sense, bar=bar, verdict=verdict)
