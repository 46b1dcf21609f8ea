"""Asks the language model the checks of one answer, and finds the sentences that its yeses rest on."""

from collections.abc import Sequence

from rubrics import prompts
from rubrics.evidence import candidates
from rubrics.language import LanguageModel, Message
from rubrics.models import Check, Evidence, GradeRequest, Row
from rubrics.priors import Priors
from rubrics.sentences import Span
from rubrics.trace import CheckTrace

_YES_ODDS = 0.4
"""Adjusted log-odds from which a check is a yes, so that a quote is looked for."""
_SHOWN_ODDS = 0.3
"""Adjusted log-odds that the quoted sentence alone must reach."""


class Asker:
    """The checks of one model."""

    def __init__(self, language: LanguageModel) -> None:
        self._language = language
        self._priors = Priors(language)

    async def learn_priors(self, asks: Sequence[str]) -> None:
        """Ask for those that are not known, before an answer is read, so that none is read twice."""
        await self._priors.learn(asks)

    async def check(self, read: Sequence[Message], row: Row, check: Check) -> CheckTrace:
        """One check on the whole answer; its quote is still to be found."""
        log_odds = await self.log_odds(read, check.ask)
        prior = self._priors[check.ask]
        return CheckTrace(
            row=row.id,
            id=check.id,
            level=check.level,
            log_odds=log_odds,
            prior=prior,
            adjusted=log_odds - prior,
            quote=None,
        )

    async def log_odds(self, read: Sequence[Message], ask: str) -> float:
        await self._priors.learn([ask])
        return await self._language.yes_log_odds(prompts.check(read, ask))

    async def with_quotes(
        self, request: GradeRequest, sentences: Sequence[Span], row: Row, traces: Sequence[CheckTrace]
    ) -> list[CheckTrace]:
        """The checks of one row with the sentences that show them.

        The highest yes decides the level, so the model must say yes to its sentence alone; if it does not, the next
        highest yes is put to the same test. A lower yes is content with a sentence that a cue points at.
        """
        checks = {check.id: check for check in row.checks}
        done: dict[str, CheckTrace] = {}
        confirmed = False
        for trace in sorted(traces, key=lambda t: (-t.level, -t.adjusted)):
            done[trace.id] = trace
            if trace.adjusted < _YES_ODDS:
                continue
            for span, pointed in candidates(checks[trace.id], request.answer, sentences):
                if (confirmed and pointed) or await self._shown(request, span, checks[trace.id]):
                    done[trace.id] = trace.model_copy(update={"quote": _evidence(request.answer, span)})
                    confirmed = True
                    break
        return [done[trace.id] for trace in traces]

    async def _shown(self, request: GradeRequest, span: Span, check: Check) -> bool:
        alone = prompts.reading(request.question, request.answer, [span])
        return await self.log_odds(alone, check.ask) - self._priors[check.ask] >= _SHOWN_ODDS


def _evidence(answer: str, span: Span) -> Evidence:
    return Evidence(quote=span.of(answer), start=span.start, end=span.end)
