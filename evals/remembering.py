"""A language model that is not asked the same check about the same text twice."""

from collections.abc import Sequence

from rubrics.language import LanguageModel, Message, Wrapped


class RememberingModel(Wrapped):
    """Implements `rubrics.language.LanguageModel`. Only log-odds are remembered, which are the same each time as
    far as the model repeats itself; whether it does has to be measured without this."""

    def __init__(self, language: LanguageModel) -> None:
        super().__init__(language)
        self._said: dict[tuple[tuple[str, str], ...], float] = {}

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        asked = tuple((message["role"], message["content"]) for message in messages)
        if asked not in self._said:
            self._said[asked] = await super().yes_log_odds(messages)
        return self._said[asked]
