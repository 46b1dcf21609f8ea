"""Begins a session: which questions are asked, of which loop, in how much time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.sessions import Mode, Session, SessionStore
from agent.settings import Settings

if TYPE_CHECKING:
    from graphs.plan import Plan
    from knowledge.models import Guide


@dataclass(frozen=True)
class Wish:
    """What a candidate asks for; None and nothing leave it to the loop."""

    loop: str | None = None
    stages: Sequence[str] = ()
    topics: Sequence[str] = ()
    questions: int | None = None
    """For each stage."""
    minutes: float | None = None
    """For everything together."""
    seed: int = 0


def new_session(settings: Settings, guide: "Guide", wish: Wish, *, mode: Mode) -> "tuple[Session, Plan]":
    """A session with its plan. Raises LoopError where something wished for is not there, before anything is made."""
    plan = plan_for(settings, guide, wish)
    return SessionStore(settings.sessions_dir).create(title=title_of(plan), mode=mode), plan


def check(settings: Settings, wish: Wish) -> None:
    """Refuse what the loop does not have, before anything is loaded or made. Raises LoopError, ContentError."""
    from knowledge.loader import load_content

    plan_for(settings, load_content(settings.guide).guide, wish)


def title_of(plan: "Plan") -> str:
    """What a list of sessions shows, e.g. `Behavioral, 2 questions`."""
    questions = sum(stage.questions for stage in plan.stages)
    stages = plan.stages[0].title if len(plan.stages) == 1 else f"{len(plan.stages)} stages"
    return f"{stages}, {questions} question{'s' if questions > 1 else ''}"


def listed(names: str | None) -> list[str]:
    """`a, b` as a list, for options that take several names."""
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def plan_for(settings: Settings, guide: "Guide", wish: Wish) -> "Plan":
    """Raises LoopError where something wished for is not there."""
    from graphs.loops import load_loop
    from graphs.plan import make_plan

    return make_plan(
        load_loop(wish.loop or settings.loop),
        guide,
        stages=wish.stages,
        topics=wish.topics,
        questions=wish.questions,
        minutes=wish.minutes,
        seed=wish.seed,
    )
