"""Holds the conversations of a pilot, typed: as fast as the graph runs, on a clock that goes as long as a talk."""

from collections.abc import Sequence
from dataclasses import dataclass

from langgraph.checkpoint.memory import InMemorySaver

from evals.errors import EvalError
from evals.pilot.cast import Actor, Member
from graphs.answerbook import AnswerBook
from graphs.deps import Deps
from graphs.interview import Interview
from graphs.models import Answer, Turn, Utterance, View
from graphs.plan import Plan
from graphs.rehearse import SILENCE_S, TalkClock
from graphs.scripted import items_of
from knowledge.loader import Content

MOST_TURNS = 150


@dataclass(frozen=True)
class Asked:
    """One question of one call."""

    question: str
    text: str
    rows: tuple[str, ...]
    answer: str
    """The candidate's words; empty where it was skipped."""
    probes: int
    minutes: float


@dataclass(frozen=True)
class Call:
    """One conversation. `passed_on` are the candidate's questions that the facts did not answer."""

    member: Member
    asked: tuple[Asked, ...]
    minutes: float
    passed_on: tuple[str, ...]


async def hold_call(member: Member, plan: Plan, answers: AnswerBook, content: Content) -> Call:
    """One typed conversation. Raises EvalError where it does not come to its end."""
    if plan.script is None:
        raise EvalError("the plan follows no script\n  fix: make it with plan_of_script")
    clock = TalkClock()
    deps = Deps(guide=content.guide, topics=content.topics, banks=content.banks, clock=clock)
    interview = await Interview.open(InMemorySaver(), deps, session=member.id, plan=plan)
    actor = Actor(member, answers, content, items_of(plan.script))
    begins: dict[str, float] = {}
    said = [u async for u in interview.begin()]
    for number in range(MOST_TURNS):
        _listen(said, clock, begins)
        view = await interview.view()
        if view.finished:
            return call_of(member, view, begins, clock() / 60)
        spoken = actor.reply(view, said)
        clock.talk(spoken)
        heard = interview.hear(spoken.text, turn=f"c{number}") if spoken else interview.silence(SILENCE_S)
        said = [u async for u in heard]
    raise EvalError(f"{member.id}: not finished after {MOST_TURNS} turns\n  fix: run soundcheck script lint")


def call_of(member: Member, view: View, begins: dict[str, float], minutes: float) -> Call:
    """`begins` has the second at which each question was asked."""
    times = [*sorted(begins.values()), 60 * minutes]
    ends = {question: times[times.index(begin) + 1] for question, begin in begins.items()}
    asked = tuple(
        Asked(
            question=answer.question,
            text=answer.question_text,
            rows=tuple(answer.rows),
            answer=answer.text,
            probes=_probes(answer, view.turns),
            minutes=(ends[answer.question] - begins[answer.question]) / 60,
        )
        for answer in view.answers
        if answer.question in begins
    )
    return Call(member, asked, minutes, _passed_on(view))


def _listen(said: Sequence[Utterance], clock: TalkClock, begins: dict[str, float]) -> None:
    for utterance in said:
        asks = "questions" if utterance.kind == "invitation" else utterance.question
        if utterance.kind in ("question", "invitation") and asks:
            begins.setdefault(asks, clock())
        clock.listen_to(utterance)


def _probes(answer: Answer, turns: Sequence[Turn]) -> int:
    return sum(turn.kind == "probe" and turn.question == answer.question for turn in turns)


def _passed_on(view: View) -> tuple[str, ...]:
    """Each of the candidate's own questions after which the interviewer passed it on."""
    return tuple(
        before.text
        for before, after in zip(view.turns, view.turns[1:], strict=False)
        if before.speaker == "candidate" and after.kind == "reply" and "pass" in after.text
    )
