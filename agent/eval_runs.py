"""Runs a grader, or a rival of it, over a dataset: where the evals meet the models that the settings name."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.errors import SettingsError
from agent.graders import make_grader
from agent.language import EndpointModel, open_language_model
from agent.settings import Settings
from evals.datasets import Item
from evals.judges import RIVALS
from evals.runlog import RunCard, RunLog, new_card
from evals.running import Judge, Progress, run, unfinished
from rubrics.loader import rubric_version
from rubrics.models import Rubric

GRADERS = ("checks", "structured")
"""The product's own graders, named as in the settings."""
JUDGES = (*GRADERS, *RIVALS)


@dataclass(frozen=True)
class EvalRun:
    """What is to be graded, and by whom (one of `JUDGES`)."""

    items: Sequence[Item]
    dataset: str
    rubrics: Mapping[str, Rubric]
    judge: str
    seed: int
    parallel: int

    async def execute(self, settings: Settings, log: Path | None, progress: Progress) -> tuple[Path, RunLog]:
        """Grade into `log`; without one, into the log of a run that was broken off, or a new one.

        Raises SettingsError, ModelsError, ServerError, LogError.
        """
        if self.parallel > 1 and settings.openai_base_url is None:
            raise SettingsError(
                "--parallel: the embedded model grades one answer at a time\n"
                "  fix: leave it out, or set SOUNDCHECK_OPENAI_BASE_URL to an endpoint"
            )
        async with open_language_model(settings) as language:
            judge, model, asked = self._judge(language, settings)
            card = self._card(model, asked)
            if log is None:
                log = await asyncio.to_thread(default_log, settings.data_dir / "runs", card)
            return log, await run(judge, self.items, card, log, progress=progress, parallel=self.parallel)

    def _judge(self, language: EndpointModel, settings: Settings) -> tuple[Judge, str, str]:
        """With the name of its model and the version of its prompts."""
        if self.judge in GRADERS:
            grader = make_grader(settings.model_copy(update={"grader": self.judge}), language, self.rubrics)
            return grader, grader.model, grader.prompt_version
        rival = RIVALS[self.judge](language, self.rubrics)
        return rival, language.name, rival.prompts

    def _card(self, model: str, asked: str) -> RunCard:
        used = sorted({item.rubric for item in self.items} & self.rubrics.keys())
        return new_card(
            self.items,
            dataset=self.dataset,
            grader=self.judge,
            model=model,
            rubrics={id_: rubric_version(self.rubrics[id_]) for id_ in used},
            prompts=asked,
            seed=self.seed,
            parallel=self.parallel,
        )


def default_log(folder: Path, card: RunCard) -> Path:
    """The log of the same work that was broken off, or a new one."""
    return unfinished(folder, card) or folder / f"{datetime.now():%Y-%m-%dT%H-%M-%S}.jsonl"
