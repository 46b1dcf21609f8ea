"""An interview of two questions that takes no time to think: what a bench of the ears and the voice talks to."""

from collections.abc import AsyncIterator

from graphs.intents import by_rules
from graphs.models import Turn, Utterance, UtteranceKind, View

QUESTION = (
    "Tell me about a system that you built, and please say what you did yourself, what the others did, "
    "and what you would do differently today."
)
SHORT_QUESTION = "Go ahead."


class ScriptedInterview:
    """Asks, says a word and goes on when it hears an answer. `told` is everything that it heard, in order."""

    understood_after_s = 0.0

    def __init__(self, question: str, *, patience_s: float) -> None:
        self.told: list[str] = []
        self._question = question
        self._patience_s = patience_s
        self._turns: list[Turn] = []

    async def begin(self) -> AsyncIterator[Utterance]:
        yield self._say("question", self._question)

    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self._hear(text, turn)
        if by_rules(text).intent == "wait":
            yield self._say("acknowledgement", "Of course, take your time.")
            return
        yield self._say("acknowledgement", "Okay.")
        yield self._say("question", "What would you do differently?")

    async def amend(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        async for utterance in self.hear(text, turn=turn):
            yield utterance

    async def keep(self, text: str, *, turn: str) -> None:
        self._hear(text, turn)

    async def foresee(self, partial: str) -> list[str]:
        return []

    async def silence(self, seconds: float) -> AsyncIterator[Utterance]:
        """Waits: a nudge would be taken for a reply."""
        nothing: tuple[Utterance, ...] = ()
        for utterance in nothing:
            yield utterance

    async def view(self) -> View:
        return View(
            session="bench",
            loop="bench",
            stages=["bench"],
            stage="bench",
            question=None,
            question_text=None,
            turns=self._turns,
            answers=[],
            paused=False,
            finished=False,
            elapsed_s=0.0,
            budget_s=600.0,
            patience_s=self._patience_s,
        )

    def _hear(self, text: str, turn: str) -> None:
        self.told.append(text)
        self._turns.append(Turn(id=turn, speaker="candidate", kind="answer", text=text, stage="bench"))

    def _say(self, kind: UtteranceKind, text: str) -> Utterance:
        utterance = Utterance(turn=f"i{len(self._turns)}", kind=kind, text=text)
        self._turns.append(
            Turn(id=utterance.turn, speaker="interviewer", kind=kind, text=text, stage="bench")
        )
        return utterance
