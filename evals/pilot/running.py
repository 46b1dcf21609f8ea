"""A whole pilot: conversations, grades, figures, advice."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from evals.pilot.advice import advise, gates
from evals.pilot.calls import Call, hold_call
from evals.pilot.cast import Member
from evals.pilot.grading import OwnRows, RowGrader, items_of
from evals.pilot.measuring import (
    candidate_figures,
    consistency,
    levelled,
    manner_figures,
    overall_tau,
    passed_on,
    question_figures,
    tau_b,
)
from evals.pilot.models import Before, PilotReport
from evals.runlog import RunCard, RunLog, append, new_card, read_card, read_log
from evals.running import Progress, run
from graphs.answerbook import AnswerBook, load_answers, script_answers
from graphs.scripted import plan_of_script
from knowledge.loader import Content
from knowledge.screening.loader import LoadedScript
from rubrics.loader import rubric_version
from rubrics.models import Rubric

Conduct = Callable[[Member], Awaitable[Call]]


@dataclass(frozen=True)
class Pilot:
    """A script and who takes part. `answers` is a file with answers to its questions, for scripts of one's own."""

    loaded: LoadedScript
    members: Sequence[Member]
    content: Content
    answers: Path | None = None
    book: AnswerBook = field(init=False)
    authored: bool = field(init=False)

    def __post_init__(self) -> None:
        own = script_answers(self.loaded.script.id, self.answers)
        book = load_answers()
        object.__setattr__(self, "book", replace(book, authored={**book.authored, **own}))
        object.__setattr__(self, "authored", bool(own))

    async def typed(self, member: Member) -> Call:
        return await hold_call(member, plan_of_script(self.loaded), self.book, self.content)

    async def hold(self, conduct: Conduct, progress: Progress) -> list[Call]:
        calls = []
        for number, member in enumerate(self.members):
            progress(number, len(self.members))
            calls.append(await conduct(member))
        progress(len(self.members), len(self.members))
        return calls


@dataclass(frozen=True)
class Judged:
    """The pilot's grader with what a log must say of it."""

    grader: RowGrader
    model: str
    prompts: str
    rubrics: dict[str, Rubric]
    parallel: int = 1


async def grade_calls(
    pilot: Pilot, calls: Sequence[Call], judged: Judged, log: Path, progress: Progress
) -> RunLog:
    """Grade what `log` does not hold yet. Of another pilot's log what is the same is kept, and the rest put aside."""
    items, rows = items_of(calls)
    used = sorted({item.rubric for item in items})
    card = new_card(
        items,
        dataset=f"pilot of {pilot.loaded.version}",
        grader="checks",
        model=judged.model,
        rubrics={id_: rubric_version(judged.rubrics[id_]) for id_ in used},
        prompts=judged.prompts,
        seed=0,
        parallel=judged.parallel,
    )
    _carry_over(log, card, {item.id for item in items})
    return await run(
        OwnRows(judged.grader, rows), items, card, log, progress=progress, parallel=judged.parallel
    )


def _carry_over(log: Path, card: RunCard, answers: set[str]) -> None:
    """A cast that has grown, or a question that was reworded, does not have everything graded again."""
    if not log.exists() or read_card(log).same_work(card):
        return
    before = read_log(log)
    same = ("model", "prompts", "grader", "rubrics")
    like = all(getattr(before.card, name) == getattr(card, name) for name in same)
    log.replace(log.with_suffix(".before.jsonl"))
    append(log, card)
    for graded in before.graded:
        if like and graded.item.id in answers:
            append(log, graded)


def report_of(
    pilot: Pilot,
    calls: Sequence[Call],
    log: RunLog,
    *,
    spoken: bool = False,
    work_s: float | None = None,
    before: PilotReport | None = None,
) -> PilotReport:
    """The figures; needs no model."""
    script = pilot.loaded.script
    answers = levelled(calls, log.graded)
    candidates = candidate_figures(calls, answers)
    planned = {f"{script.id}/{q.id}": q.minutes for q in script.questions}
    questions, manners = question_figures(answers, planned), manner_figures(candidates)
    tau, unanswered = overall_tau(candidates), passed_on(calls)
    minutes = sorted(call.minutes for call in calls)[len(calls) // 2]
    return PilotReport(
        version=pilot.loaded.version,
        title=script.title,
        made=datetime.now(UTC).replace(microsecond=0),
        model=log.card.model,
        rubrics=log.card.rubrics,
        calibrated=not any("uncalibrated" in each.trace.grade.flags for each in log.graded),
        spoken=spoken,
        authored_answers=pilot.authored,
        candidates=candidates,
        questions=questions,
        manners=manners,
        tau=tau,
        tau_b=tau_b(candidates),
        consistency=consistency(candidates),
        minutes=round(minutes, 1),
        planned_minutes=script.minutes,
        work_minutes=None if work_s is None else round(work_s / 60, 1),
        passed_on=unanswered,
        gates=gates(tau, manners, len(candidates)),
        advice=advise(questions, manners, minutes, script.minutes, unanswered),
        before=_before(before),
    )


def _before(report: PilotReport | None) -> Before | None:
    if report is None:
        return None
    return Before(
        version=report.version,
        tau=report.tau.value,
        discrimination={q.id: q.discrimination for q in report.questions},
        difficulty={q.id: q.difficulty for q in report.questions},
        minutes=report.minutes,
    )
