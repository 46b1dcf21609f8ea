"""What a model says of answers whose grade is known beforehand: one that says nothing, and a rubric's example.

Shipped for the embedded model, so that grading need not ask first; of other models and other checks it is asked once a
process. `soundcheck eval priors` writes the shipped file anew.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from rubrics import prompts
from rubrics.language import LanguageModel

SHIPPED = Path(__file__).parent / "files" / "priors.json"
NOTHING = "I don't know."
_QUESTION = "Tell me about your work."
Known = dict[str, dict[str, float]]
"""Log-odds by the answer's hash, then by check."""


class Priors:
    """Log-odds of checks on known answers, of one model."""

    def __init__(self, language: LanguageModel, known: Known | None = None) -> None:
        self._language = language
        self._known = shipped(language.name) if known is None else known

    @property
    def known(self) -> Known:
        return self._known

    async def learn(self, answers: Sequence[str], asks: Sequence[str]) -> None:
        """Ask what is not known yet, on one answer after the other: each is read once."""
        for answer in answers:
            for ask in asks:
                await self.of(answer, ask)

    async def of(self, answer: str, ask: str) -> float:
        known = self._known.setdefault(_key(answer), {})
        if ask not in known:
            read = prompts.reading(_QUESTION, answer)
            known[ask] = await self._language.yes_log_odds(prompts.check(read, ask))
        return known[ask]


def shipped(model: str) -> Known:
    """The shipped priors of a model; none where the prompts have changed since they were measured."""
    stored = json.loads(SHIPPED.read_text(encoding="utf-8")) if SHIPPED.exists() else {}
    if stored.get("model") != model or stored.get("prompts") != prompts.prompt_version(_QUESTION):
        return {}
    return {key: dict(asks) for key, asks in stored["answers"].items()}


def ship(model: str, known: Known) -> None:
    """Write the shipped file."""
    answers = {key: {ask: round(odds, 3) for ask, odds in asks.items()} for key, asks in known.items()}
    stored = {"model": model, "prompts": prompts.prompt_version(_QUESTION), "answers": answers}
    SHIPPED.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _key(answer: str) -> str:
    return hashlib.sha256(answer.encode()).hexdigest()[:8]
