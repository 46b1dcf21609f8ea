"""Puts an interview together from its parts: the one place where settings become objects."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.code_runs import CodeRuns, suites_in
from agent.graders import make_grader
from agent.grading import GradingDesk
from agent.knowledge import LaterIndex
from agent.language import EndpointModel, open_language_model
from agent.sessions import Session
from agent.settings import Settings
from graphs.board import Pad
from graphs.deps import Deps, Pads
from graphs.interview import Interview
from graphs.plan import Plan
from graphs.storage import open_saver
from knowledge.coding import starter_of
from knowledge.loader import Content, load_content
from rubrics.grader import Grader
from rubrics.loader import load_rubrics

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workplace:
    """What all interviews of this process share. The grader gives way to whoever else asks the language model."""

    settings: Settings
    content: Content
    search: LaterIndex
    language: EndpointModel
    grader: Grader
    runs: CodeRuns
    """Of code; shared, so that not too many go on at once."""

    def warm_up(self) -> "asyncio.Task[None]":
        """Start what is not needed before the first answer. Where that fails, whoever needs it next tries again."""
        warming = asyncio.create_task(self._open())
        warming.add_done_callback(_note_failure)
        return warming

    async def _open(self) -> None:
        await asyncio.gather(self.language.ready(), asyncio.to_thread(self.search.open))


def _note_failure(warming: "asyncio.Task[None]") -> None:
    if not warming.cancelled() and (error := warming.exception()) is not None:
        log.warning("the interview asks only what was written beforehand: %s", error)


@asynccontextmanager
async def open_workplace(settings: Settings, *, rubrics: Path | None = None) -> AsyncIterator[Workplace]:
    """Content, search, language model and grader; what takes seconds to start is started by `warm_up`, or when used.

    Raises SettingsError, ModelsError, KnowledgeError, RubricError.
    """
    content = load_content(settings.guide)
    async with open_language_model(settings, at_once=False) as language:
        grader = make_grader(settings, language.background, load_rubrics(rubrics))
        runs = CodeRuns(suites_in(content))
        yield Workplace(settings, content, LaterIndex(settings, content), language, grader, runs)


@asynccontextmanager
async def open_interview(
    workplace: Workplace, session: Session, plan: Plan | None = None, *, pads: Collection[Pad] = ()
) -> AsyncIterator[tuple[Interview, GradingDesk]]:
    """The interview of `session`: the stored one, else a new one by `plan`. No other process can open it meanwhile.

    `pads` are those that the candidate can write and draw on in this sitting.

    Raises SessionError where another process has it, and GraphError.
    """
    desk = GradingDesk(session, workplace.grader, workplace.runs)
    with session.locked(), workplace.language.for_conversation() as language:
        deps = _deps(workplace, language, pads)
        async with open_saver(session.database) as saver:
            interview = await Interview.open(saver, deps, session=session.id, plan=plan)
            try:
                yield interview, desk
            finally:
                await interview.close()
                await desk.close()


def _deps(workplace: Workplace, language: EndpointModel, pads: Collection[Pad]) -> Deps:
    content = workplace.content
    return Deps(
        guide=content.guide,
        topics=content.topics,
        banks=content.banks,
        search=workplace.search,
        language=language,
        problems=content.problems,
        pads=_pads(content, pads),
        whole_follow_ups=workplace.settings.openai_base_url is not None,
    )


def _pads(content: Content, pads: Collection[Pad]) -> Pads | None:
    if not pads:
        return None
    starters = {problem: starter for problem in content.problems if (starter := starter_of(content, problem))}
    drawn = Pads().sketched if "sketch" in pads else frozenset()
    return Pads(starters if "code" in pads else {}, drawn)
