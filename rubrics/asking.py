"""Asks the language model yes/no checks, and puts its log-odds on a scale that it shows by itself.

Small models lean towards yes, each check in its own way. What a model says of an answer that says nothing is
subtracted, and what it says of the rubric's example is the unit: neither needs anybody's ratings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics import prompts
from rubrics.language import LanguageModel, Message
from rubrics.models import Rubric
from rubrics.priors import NOTHING, Priors

_USUAL_GAIN = 1.6
"""What an example adds to the log-odds of a check, for rubrics without an example."""
_LEAST_GAIN = 1.2
"""Where the model hardly tells the example from nothing, small differences must not be made much of."""


@dataclass(frozen=True)
class Reading:
    """What the model says to one check. `share` is about 0 where nothing is shown and about 1 for a clear yes."""

    log_odds: float
    prior: float
    share: float


class Asker:
    """Asks the checks of one rubric."""

    def __init__(self, language: LanguageModel, priors: Priors, rubric: Rubric) -> None:
        self._language = language
        self._priors = priors
        self._example = rubric.example

    async def learn(self, asks: Sequence[str]) -> None:
        """Ask the known answers first, so that the answer to be graded is read without a break."""
        await self._priors.learn([NOTHING] if self._example is None else [NOTHING, self._example], asks)

    async def ask(self, read: Sequence[Message], ask: str) -> Reading:
        """One check on what `prompts.reading` made of an answer. Raises LanguageModelUnavailable."""
        prior, gain = await self._priors.of(NOTHING, ask), _USUAL_GAIN
        if self._example is not None:
            gain = max(_LEAST_GAIN, await self._priors.of(self._example, ask) - prior)
        log_odds = await self._language.yes_log_odds(prompts.check(read, ask))
        return Reading(log_odds, prior, (log_odds - prior) / gain)

    async def no(self, ask: str) -> Reading:
        """What a check is given that nothing in the answer could show: as much as an answer that says nothing."""
        prior = await self._priors.of(NOTHING, ask)
        return Reading(prior, prior, 0.0)
