"""A plan: one run of a loop, with everything that was chosen for it. Fixed when the interview begins."""

import random
from collections.abc import Sequence

from pydantic import Field

from graphs.errors import LoopError
from graphs.loops import Loop, LoopStage, Persona, Slug, Strict
from knowledge.models import Fact, Guide, Stage
from knowledge.screening.models import Script

SECONDS_PER_QUESTION = 450.0
"""Reckoned for a question with its probes where only the time is given."""


class PlannedStage(Strict):
    id: Slug
    title: str
    budget_s: float
    interviewer: Persona
    topics: list[Slug]
    patience_s: float
    rubrics: list[str]
    questions: int
    only: list[str] = Field(default_factory=list)
    """Qualified ids of the questions to ask, in their order; left out, they are drawn from the topics."""


class Scripted(Strict):
    """A screening script, kept with the interview: a later edit of the file changes nothing that was begun."""

    version: str
    script: Script
    facts: list[Fact]

    @property
    def lines(self) -> dict[str, str]:
        """The script's own wording of lines that an interview says anyway."""
        own = self.script
        return {
            "invite": own.candidate_questions.invite,
            "reply_unknown": own.candidate_questions.unknown,
            "closing": own.closing,
            "closing_time": own.closing,
            "refused": own.consent.refused,
        }


class Plan(Strict):
    loop: str
    guide: str
    seed: int
    stages: list[PlannedStage]
    probes: int = 2
    """At most so many follow-ups a question."""
    candidate_questions: bool = True
    script: Scripted | None = None
    """The words are then the script's, each question is asked whatever the time, and consent comes first."""

    @property
    def budget_s(self) -> float:
        return sum(stage.budget_s for stage in self.stages)


def make_plan(
    loop: Loop,
    guide: Guide,
    *,
    stages: Sequence[str] = (),
    topics: Sequence[str] = (),
    questions: int | None = None,
    minutes: float | None = None,
    seed: int = 0,
) -> Plan:
    """A run of `loop`. `questions` counts for each stage; `minutes` is the whole run's, shared out in proportion.

    Raises LoopError where something asked for is not there.
    """
    if questions is not None and questions < 1:
        raise LoopError(f"questions: {questions}: an interview needs at least one\n  fix: use 1 or more")
    if minutes is not None and minutes <= 0:
        raise LoopError(f"minutes: {minutes}: no time at all\n  fix: use more than 0")
    chosen = _choose_stages(loop, stages, topics)
    known = {stage.id: stage for stage in guide.stages}
    taken = [(stage, _guide_stage(loop, stage, known)) for stage in chosen]
    picked = _pick_topics(loop, taken, topics, seed)
    kept = [(stage, own, picked[stage.id]) for stage, own in taken if picked[stage.id]]
    scale = 1.0 if minutes is None else minutes / sum(stage.minutes for stage, _, _ in kept)
    return Plan(
        loop=loop.id,
        guide=guide.id,
        seed=seed,
        stages=[_planned(stage, own, names, scale, questions) for stage, own, names in kept],
        probes=loop.probes,
        candidate_questions=loop.candidate_questions,
    )


def _choose_stages(loop: Loop, stages: Sequence[str], topics: Sequence[str]) -> list[LoopStage]:
    ids = [stage.id for stage in loop.stages]
    if unknown := [stage for stage in stages if stage not in ids]:
        raise LoopError(
            f"stages: {', '.join(unknown)}: not in loop {loop.id}\n  fix: use any of {', '.join(ids)}"
        )
    wanted = stages or ([] if topics else loop.default_stages) or ids
    return [stage for stage in loop.stages if stage.id in wanted]


def _guide_stage(loop: Loop, stage: LoopStage, known: dict[str, Stage]) -> Stage:
    where = f"loop {loop.id}: stages.{stage.id}"
    if stage.id not in known:
        raise LoopError(f"{where}: the guide has no such stage\n  fix: use any of {', '.join(known)}")
    own = known[stage.id]
    if unknown := [topic for topic in stage.topics if topic not in own.topics]:
        raise LoopError(
            f"{where}.topics: {', '.join(unknown)}: not a topic of that stage\n"
            f"  fix: use any of {', '.join(own.topics)}"
        )
    return own


def _pick_topics(
    loop: Loop, taken: list[tuple[LoopStage, Stage]], wanted: Sequence[str], seed: int
) -> dict[str, list[str]]:
    offered = {stage.id: stage.topics or own.topics for stage, own in taken}
    every = [topic for topics in offered.values() for topic in topics]
    if unknown := [topic for topic in wanted if topic not in every]:
        raise LoopError(
            f"topics: {', '.join(unknown)}: not in the stages chosen\n  fix: use any of {', '.join(every)}"
        )
    if not wanted and loop.draw_topics is not None:
        wanted = random.Random(f"{seed}:topics").sample(every, min(loop.draw_topics, len(every)))
    if not wanted:
        return offered
    return {stage: [topic for topic in topics if topic in wanted] for stage, topics in offered.items()}


def _planned(
    stage: LoopStage, own: Stage, topics: list[str], scale: float, questions: int | None
) -> PlannedStage:
    budget_s = stage.minutes * 60 * scale
    by_time = max(1, round(budget_s / SECONDS_PER_QUESTION))
    return PlannedStage(
        id=stage.id,
        title=own.title,
        budget_s=budget_s,
        interviewer=stage.interviewer,
        topics=topics,
        patience_s=stage.patience_s,
        rubrics=stage.rubrics or own.rubrics,
        questions=questions or stage.questions or by_time,
    )
