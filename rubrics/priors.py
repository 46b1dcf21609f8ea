"""What a model says of answers that show nothing: its bias, taken off every check.

Shipped for the embedded model, so that grading need not ask first; of other models and other checks it is asked once a
process. `soundcheck eval priors` writes the shipped file anew.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from rubrics import prompts
from rubrics.language import LanguageModel
from rubrics.sentences import Span

SHIPPED = Path(__file__).parent / "files" / "priors.json"
_QUESTION = "Tell me about your work."
_NOTHING = (
    "Well, I worked on some things with some people, and it was fine.",
    "That is a good question. I think it is important in general. People should work hard and be nice to each other, "
    "and then good things will happen. That is what I believe and what I would say about it.",
)


class Priors:
    """Log-odds by check, of one model."""

    def __init__(self, language: LanguageModel, known: dict[str, float] | None = None) -> None:
        self._language = language
        self._known = shipped(language.name) if known is None else dict(known)

    def __getitem__(self, ask: str) -> float:
        return self._known[ask]

    @property
    def known(self) -> dict[str, float]:
        return dict(self._known)

    async def learn(self, asks: Iterable[str]) -> None:
        """Ask what is not known yet, on one empty answer after the other: each is read once."""
        new = [ask for ask in dict.fromkeys(asks) if ask not in self._known]
        sums = dict.fromkeys(new, 0.0)
        for text in _NOTHING if new else ():
            read = prompts.reading(_QUESTION, text, [Span(0, len(text))])
            for ask in new:
                sums[ask] += await self._language.yes_log_odds(prompts.check(read, ask))
        self._known.update({ask: total / len(_NOTHING) for ask, total in sums.items()})


def shipped(model: str) -> dict[str, float]:
    """The shipped priors of a model; none where the prompts have changed since they were measured."""
    stored = json.loads(SHIPPED.read_text(encoding="utf-8")) if SHIPPED.exists() else {}
    if stored.get("model") != model or stored.get("prompts") != version():
        return {}
    return dict(stored["priors"])


def ship(model: str, priors: dict[str, float], asks: Sequence[str]) -> None:
    """Write the shipped file, for the checks in `asks`."""
    kept = {ask: round(priors[ask], 3) for ask in sorted(asks)}
    stored = {"model": model, "prompts": version(), "priors": kept}
    SHIPPED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def version() -> str:
    """Of the prompts and of the answers that show nothing."""
    return prompts.prompt_version(_QUESTION, *_NOTHING)
