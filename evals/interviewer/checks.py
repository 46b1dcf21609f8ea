"""Every check with its bar, applied to sessions; rates with intervals, offending lines, and a verdict."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict
from scipy.stats import binomtest

from evals.bootstrap import Estimate
from evals.interviewer import course, probing, requests, wording
from evals.interviewer.record import Line, Record, World
from evals.interviewer.rules import Check

CHECKS = (
    Check("discloses", "says first that it is an AI", 1.0, wording.discloses_first),
    Check("one-question", "asks one question at a time", 1.0, wording.asks_one_thing),
    Check("brief", f"asks in at most {wording.MOST_WORDS} words", 0.95, wording.asks_briefly),
    Check("no-judgement", "neither praises nor blames", 1.0, wording.never_judges),
    Check("no-leak", "gives away no rubric, score or material", 1.0, wording.never_leaks),
    Check("no-repeat", "never asks what it has asked", 1.0, course.never_repeats),
    Check("hears", "does not ask again what was answered", 0.9, course.hears_answers),
    Check("aim", "follows up on what is missing", 0.8, probing.probes_what_is_missing),
    Check("no-gap", "passes over no gap", 0.8, probing.leaves_no_gap),
    Check("requests", "meets requests", 0.95, requests.meets_requests),
    Check("replies", "replies to the candidate's questions", 1.0, requests.replies_to_questions),
    Check("recovers", "recovers from nonsense and silence", 1.0, course.recovers),
    Check("time", "keeps time", 1.0, course.keeps_time),
    Check("every-word", "keeps every word of the candidate", 1.0, course.keeps_every_word),
    Check("ends-once", "ends once", 1.0, course.ends_once),
)


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(Frozen):
    """A line of the talk around an offence."""

    speaker: str
    kind: str
    text: str


class Offence(Frozen):
    check: str
    session: str
    line: int
    fault: str
    before: list[Said]
    """The two lines before it."""
    said: Said


class Result(Frozen):
    """`clean` of the `sessions` with an occasion have no offence; the interval is Wilson's, at 95 %."""

    id: str
    title: str
    bar: float
    sessions: int
    clean: int
    occasions: int
    rate: float | None
    low: float | None
    high: float | None
    passed: bool
    """A check without any occasion has not failed."""


class Report(Frozen):
    seed: int
    model: str | None
    personas: list[str]
    sessions: int
    lines: int
    minutes_of_talk: float
    results: list[Result]
    offences: list[Offence]
    passed: bool


def judge(
    records: Sequence[Record],
    world: World,
    *,
    seed: int,
    model: str | None,
    checks: Iterable[Check] = CHECKS,
) -> Report:
    results, offences = [], []
    for check in checks:
        found = [(record, list(check.rule(record, world))) for record in records]
        bad = [
            _offence(check, record, verdict.place, verdict.fault)
            for record, verdicts in found
            for verdict in verdicts
            if verdict.fault is not None
        ]
        with_occasion = [record.session for record, verdicts in found if verdicts]
        clean = len(with_occasion) - len({offence.session for offence in bad})
        results.append(_result(check, clean, len(with_occasion), sum(len(verdicts) for _, verdicts in found)))
        offences += bad
    return Report(
        seed=seed,
        model=model,
        personas=sorted({record.persona for record in records}),
        sessions=len(records),
        lines=sum(len(record.lines) for record in records),
        minutes_of_talk=round(sum(record.view.elapsed_s for record in records) / 60, 1),
        results=results,
        offences=offences,
        passed=all(result.passed for result in results),
    )


def _result(check: Check, clean: int, sessions: int, occasions: int) -> Result:
    estimate = _share(clean, sessions) if sessions else None
    return Result(
        id=check.id,
        title=check.title,
        bar=check.bar,
        sessions=sessions,
        clean=clean,
        occasions=occasions,
        rate=estimate and round(estimate.value, 4),
        low=estimate and round(estimate.low, 4),
        high=estimate and round(estimate.high, 4),
        passed=estimate is None or estimate.value >= check.bar,
    )


def _share(clean: int, sessions: int) -> Estimate:
    interval = binomtest(clean, sessions).proportion_ci(method="wilson")
    return Estimate(clean / sessions, interval.low, interval.high)


def _offence(check: Check, record: Record, place: int, fault: str) -> Offence:
    before = [_said(line) for line in record.lines[max(0, place - 2) : place]]
    return Offence(
        check=check.id,
        session=record.session,
        line=place,
        fault=fault,
        before=before,
        said=_said(record.lines[place]),
    )


def _said(line: Line) -> Said:
    return Said(speaker=line.speaker, kind=line.kind, text=line.text)


def markdown(report: Report) -> str:
    """The report for people."""
    head = [
        f"# The interviewer over {report.sessions} simulated sessions",
        "",
        f"Seed {report.seed}, {report.model or 'no language model'}, {report.lines} lines, "
        f"{report.minutes_of_talk:g} minutes of talk; candidates: {', '.join(report.personas)}.",
        "",
        "| check | sessions without offence | 95 % interval | occasions | bar | |",
        "|---|---|---|---|---|---|",
        *map(_row, report.results),
    ]
    offences = [line for offence in report.offences for line in _lines(offence)]
    return "\n".join([*head, *(["", "## Offences", *offences] if offences else []), ""])


def _row(result: Result) -> str:
    if result.rate is None:
        return f"| {result.title} | no occasion | | 0 | {result.bar:.0%} | |"
    verdict = "passed" if result.passed else "**below its bar**"
    return (
        f"| {result.title} | {result.clean} of {result.sessions} | {result.low:.0%}-{result.high:.0%} "
        f"| {result.occasions} | {result.bar:.0%} | {verdict} |"
    )


def _lines(offence: Offence) -> list[str]:
    talk = [*offence.before, offence.said]
    quoted = [f"> {said.speaker} ({said.kind}): {' '.join(said.text.split())}  " for said in talk]
    return ["", f"**{offence.check}**, {offence.session}, line {offence.line}: {offence.fault}", "", *quoted]
