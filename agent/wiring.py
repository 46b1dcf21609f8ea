"""Puts an interview together from its parts: the one place where settings become objects."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.grading import GradingDesk
from agent.knowledge import LaterIndex
from agent.language import import_client, open_language_model
from agent.sessions import Session
from agent.settings import Settings
from graphs.deps import Deps
from graphs.interview import Interview
from graphs.plan import Plan
from graphs.storage import open_saver
from knowledge.loader import Content, load_content
from rubrics.grader import Grader
from rubrics.language import LanguageModel
from rubrics.loader import load_rubrics


@dataclass(frozen=True)
class Workplace:
    """What all interviews of this process share. The grader gives way to whoever else asks the language model."""

    settings: Settings
    content: Content
    search: LaterIndex
    language: LanguageModel
    grader: Grader

    def warm_up(self) -> None:
        """Open what is not needed before the first answer. Blocks; raises what a search would raise."""
        import_client()
        self.search.open()


@asynccontextmanager
async def open_workplace(settings: Settings, *, rubrics: Path | None = None) -> AsyncIterator[Workplace]:
    """Content, search, language model and grader, ready to use.

    Raises SettingsError, ModelsError, ServerError, KnowledgeError, RubricError.
    """
    content = load_content(settings.guide)
    async with open_language_model(settings) as language:
        grader = Grader(language.background, load_rubrics(rubrics))
        yield Workplace(settings, content, LaterIndex(settings, content), language, grader)


@asynccontextmanager
async def open_interview(
    workplace: Workplace, session: Session, plan: Plan | None = None
) -> AsyncIterator[tuple[Interview, GradingDesk]]:
    """The interview of `session`: the stored one, else a new one by `plan`. No other process can open it meanwhile.

    Raises SessionError where another process has it, and GraphError.
    """
    content = workplace.content
    deps = Deps(
        guide=content.guide,
        topics=content.topics,
        banks=content.banks,
        search=workplace.search,
        language=workplace.language,
        problems=content.problems,
        whole_follow_ups=workplace.settings.openai_base_url is not None,
    )
    desk = GradingDesk(session, workplace.grader)
    with session.locked():
        async with open_saver(session.database) as saver:
            interview = await Interview.open(saver, deps, session=session.id, plan=plan)
            try:
                yield interview, desk
            finally:
                await interview.settle()
                await desk.close()
