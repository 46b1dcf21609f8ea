"""Sittings with pads, at a keyboard, on the shipped content and without a model."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver

from graphs.board import Arrow, Box, Run, Shown, Sketch, Verdict
from graphs.deps import Deps, Pads
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance, View
from graphs.plan import make_plan
from knowledge.coding import starter_of
from knowledge.loader import Content
from tests.fakes import FakeClock

SAID = "I would keep a dictionary by key and a heap of expiry times, so that both are quick."
CACHE = "scalability-and-optimization/lru-cache-with-ttl"
SKETCH = Sketch(
    boxes=[
        Box(id="a", label="Mobile app", kind="client", x=100, y=100),
        Box(id="b", label="Ranker", kind="model", x=400, y=100),
        Box(id="c", label="Candidate index", kind="store", x=400, y=300),
    ],
    arrows=[Arrow(source="a", target="b", label="request")],
)


def pads_of(content: Content) -> Pads:
    return Pads({p: starter for p in content.problems if (starter := starter_of(content, p))})


def solution_of(content: Content, question: str) -> str:
    folder: Path = content.folder / "coding" / question.partition("/")[2]
    return (folder / "solution.py").read_text(encoding="utf-8")


def run_of(code: str, *, failed: Sequence[tuple[str, str]] = (), passed: Sequence[str] = ()) -> Run:
    tests = [Verdict(name=name, status="failed", message=message) for name, message in failed]
    return Run(code=code, tests=[*tests, *(Verdict(name=name, status="passed") for name in passed)])


class PadSitting:
    """One interview with its clock; `say` and `silence` give what the interviewer replied, as kind and text."""

    def __init__(self, interview: Interview, clock: FakeClock) -> None:
        self.interview, self.clock = interview, clock
        self.turns = 0

    @classmethod
    async def open(
        cls,
        content: Content,
        *,
        stage: str = "coding-applied-ml",
        questions: int = 1,
        seed: int = 4,
        pads: bool = True,
        saver: BaseCheckpointSaver[str] | None = None,
    ) -> "PadSitting":
        """With seed 4 the problem is the cache with a time to live."""
        clock = FakeClock()
        deps = Deps(
            content.guide,
            content.topics,
            content.banks,
            problems=content.problems,
            clock=clock,
            pads=pads_of(content) if pads else None,
        )
        plan = make_plan(load_loop("full"), content.guide, stages=[stage], questions=questions, seed=seed)
        interview = await Interview.open(saver or InMemorySaver(), deps, session="s", plan=plan)
        return cls(interview, clock)

    async def begin(self) -> "PadSitting":
        """Up to the first question."""
        await _told(self.interview.begin())
        await self.say("yes")
        return self

    async def say(self, text: str, *, amend: bool = False) -> list[tuple[str, str]]:
        self.clock.now_s += 20
        self.turns += 1
        take = self.interview.amend if amend else self.interview.hear
        return await _told(take(text, turn=f"c{self.turns}"))

    async def silence(self, seconds: float) -> list[tuple[str, str]]:
        self.clock.now_s += seconds
        return await _told(self.interview.silence(seconds))

    async def write(self, code: str, run: Run | None = None) -> bool:
        """Code on the pad of the question under way, and its last test run."""
        self.clock.now_s += 1
        question = (await self.interview.view()).question or ""
        return await self.interview.show(Shown(question=question, code=code, run=run))

    async def draw(self, sketch: Sketch) -> bool:
        self.clock.now_s += 1
        question = (await self.interview.view()).question or ""
        return await self.interview.show(Shown(question=question, sketch=sketch))

    async def view(self) -> View:
        return await self.interview.view()


async def _told(utterances: AsyncIterator[Utterance]) -> list[tuple[str, str]]:
    return [(utterance.kind, utterance.text) async for utterance in utterances]
