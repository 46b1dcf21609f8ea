"""From conversations and grades to the figures of a pilot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from evals.bootstrap import RESAMPLES, interval
from evals.pilot.calls import Asked, Call
from evals.pilot.cast import MANNERS, PLAIN
from evals.pilot.grading import answer_id, by_rubric
from evals.pilot.models import CandidateFigures, MannerFigures, QuestionFigures
from evals.runlog import Graded
from evals.scores import Figure
from rubrics.models import RowGrade

FLOOR, CEILING = 1.5, 4.5
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Levelled:
    """One answer with what became of it; `level` is None where nothing could be graded."""

    call: Call
    asked: Asked
    level: float | None
    quoted: bool


def levelled(calls: Sequence[Call], graded: Iterable[Graded]) -> list[Levelled]:
    """Every answer to a core question, in the order of the calls."""
    grades = {each.item.id: each.trace.grade for each in graded}
    found = []
    for call in calls:
        for asked in call.asked:
            if not asked.rows:
                continue
            rows: list[RowGrade] = []
            for rubric, own in by_rubric(asked).items():
                if grade := grades.get(answer_id(asked, rubric)):
                    rows += [grade.rows[row] for row in own if row in grade.rows]
            levels = [row.level for row in rows if row.level is not None]
            quoted = any(row.evidence for row in rows)
            found.append(Levelled(call, asked, fmean(levels) if levels else None, quoted))
    return found


def candidate_figures(calls: Sequence[Call], answers: Sequence[Levelled]) -> list[CandidateFigures]:
    found = []
    for call in calls:
        own = [each for each in answers if each.call is call]
        levels = [each.level for each in own if each.level is not None]
        member = call.member
        found.append(
            CandidateFigures(
                id=member.id,
                level=member.level,
                intended=member.intended,
                manner=member.manner,
                seed=member.seed,
                mean_level=round(fmean(levels), 3) if levels else None,
                minutes=round(call.minutes, 1),
                probes=sum(each.asked.probes for each in own),
                by_question={each.asked.question: each.level for each in own},
            )
        )
    return found


def question_figures(answers: Sequence[Levelled], planned: Mapping[str, float]) -> list[QuestionFigures]:
    """`planned` has the minutes of each question, in the script's order."""
    found = []
    for question, minutes in planned.items():
        own = [each for each in answers if each.asked.question == question]
        known = [(each, each.level) for each in own if each.level is not None]
        levels = [level for _, level in known]
        intended = [each.call.member.intended for each, _ in known]
        names: list[str] = list(dict.fromkeys(each.call.member.level for each in own))
        by_level = {
            name: round(fmean(of), 2)
            for name in names
            if (of := [level for each, level in known if each.call.member.level == name])
        }
        lengths = [each.asked.minutes for each in own]
        found.append(
            QuestionFigures(
                id=question,
                text=own[0].asked.text if own else "",
                rows=list(own[0].asked.rows) if own else [],
                answers=len(own),
                minutes=round(median(lengths), 1) if lengths else 0.0,
                longest_minutes=round(max(lengths), 1) if lengths else 0.0,
                planned_minutes=minutes,
                difficulty=round(fmean(levels), 2) if levels else None,
                by_level=by_level,
                discrimination=_rounded(tau(np.array(levels), np.array(intended))),
                missing_evidence=_share([not each.quoted for each in own]),
                probes=round(fmean([each.asked.probes for each in own]), 2) if own else 0.0,
                floor=_share([level <= FLOOR for level in levels]),
                ceiling=_share([level >= CEILING for level in levels]),
            )
        )
    return found


def manner_figures(candidates: Sequence[CandidateFigures], *, seed: int = 0) -> list[MannerFigures]:
    """Paired: the same person, speaking plainly and in the manner. Resampled by person."""
    plain = {(c.level, c.seed): c.mean_level for c in candidates if c.manner == PLAIN}
    found = []
    for manner in MANNERS:
        apart = [
            c.mean_level - before
            for c in candidates
            if c.manner == manner != PLAIN and c.mean_level is not None
            if (before := plain.get((c.level, c.seed))) is not None
        ]
        if apart:
            found.append(MannerFigures(manner=manner, pairs=len(apart), effect=_mean(apart, seed)))
    return found


def overall_tau(candidates: Sequence[CandidateFigures], *, seed: int = 0) -> Figure:
    """Resampled within each intended level. Manners of one person are no independent draws, which narrows it."""
    known = [(c.mean_level, c.intended) for c in candidates if c.mean_level is not None]
    if not known:
        return Figure(value=None)
    levels, intended = (np.array(column, dtype=np.float64) for column in zip(*known, strict=True))
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(intended == level) for level in np.unique(intended)]
    draws = [tau(levels, intended)]
    for _ in range(RESAMPLES):
        picked = np.concatenate([rng.choice(group, len(group)) for group in groups])
        draws.append(tau(levels[picked], intended[picked]))
    return Figure.of(np.array(draws))


def tau(levels: Array, intended: Array) -> float:
    """Concordant less discordant pairs, of those whose intended levels differ; NaN where there are none."""
    apart = np.sign(intended[:, None] - intended[None, :])
    agree = apart * np.sign(levels[:, None] - levels[None, :])
    pairs = float(np.abs(apart).sum())
    return float(agree.sum()) / pairs if pairs else float("nan")


def tau_b(candidates: Sequence[CandidateFigures]) -> float | None:
    from scipy.stats import kendalltau

    known = [(c.mean_level, c.intended) for c in candidates if c.mean_level is not None]
    if len({intended for _, intended in known}) < 2:
        return None
    return _rounded(float(kendalltau(*zip(*known, strict=True)).statistic))


def consistency(candidates: Sequence[CandidateFigures]) -> float | None:
    groups: dict[tuple[str, str], list[float]] = {}
    for candidate in candidates:
        if candidate.mean_level is not None:
            groups.setdefault((candidate.level, candidate.manner), []).append(candidate.mean_level)
    apart = [abs(a - b) for of in groups.values() for i, a in enumerate(of) for b in of[i + 1 :]]
    return round(fmean(apart), 2) if apart else None


def passed_on(calls: Sequence[Call]) -> dict[str, int]:
    return dict(Counter(text for call in calls for text in call.passed_on).most_common())


def _mean(values: Sequence[float], seed: int) -> Figure:
    sample = np.array(values)
    picks = np.random.default_rng(seed).integers(0, len(sample), size=(RESAMPLES, len(sample)))
    value, low, high = interval(np.concatenate([[sample.mean()], sample[picks].mean(axis=1)]))
    return Figure(value=_rounded(value), low=_rounded(low), high=_rounded(high))


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 3) if flags else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 3)
