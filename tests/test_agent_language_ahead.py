"""What the embedded server still knows of a prompt when the turn ends: the reply's speed rests on it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.language import EndpointModel, open_language_model
from agent.settings import Settings
from graphs.reading import shows, so_far
from rubrics.language import LanguageModel, Message

pytestmark = pytest.mark.models
QUESTION = "Tell me about a time when you changed how a team works."
SAID = (
    "Two years ago our recommendations team retrained the ranking model by hand every month and nobody owned the "
    "schedule. I proposed a nightly rebuild, wrote the design, and agreed on the feature tables with the data platform "
    "group. Stale predictions went from twelve percent to one percent."
)
OTHER: list[Message] = [{"role": "user", "content": "Count: " + " ".join(map(str, range(300)))}]
LITTLE = 48
"""Tokens of a check's own words, with room to spare."""
WORDS_TOKENS = 70
"""Of `SAID`, rounded up."""


@pytest.fixture
async def model(settings: Settings) -> AsyncIterator[EndpointModel]:
    async with open_language_model(settings) as language:
        with language.for_conversation() as own:
            yield own


def ahead_of(model: EndpointModel) -> LanguageModel:
    ahead = model.ahead
    assert ahead is not None
    return ahead


async def check(model: EndpointModel, words: str = SAID) -> int:
    """Ask a check about the answer; the number of tokens that had to be read for it."""
    before = model.tokens.read
    await model.yes_log_odds(shows("star.result", QUESTION, words))
    return model.tokens.read - before


async def test_what_was_read_ahead_is_not_read_again(model: EndpointModel) -> None:
    words = SAID.split()
    for count in (0, 20, len(words)):
        await ahead_of(model).read(so_far(QUESTION, " ".join(words[:count])))
    assert await check(model) <= LITTLE


async def test_grading_and_other_conversations_push_nothing_out(model: EndpointModel) -> None:
    await ahead_of(model).read(so_far(QUESTION, SAID))
    await model.background.read(OTHER)
    with model.for_conversation() as other:
        await other.read(OTHER)
    assert await check(model) <= LITTLE


async def test_a_turn_that_breaks_reading_off_finds_what_was_read_before(model: EndpointModel) -> None:
    """Its call waits until the server has let go of the slot; in another one it would find nothing."""
    longer = f"{SAID} {SAID} {SAID}"
    await ahead_of(model).read(so_far(QUESTION, SAID))
    reading = asyncio.create_task(ahead_of(model).read(so_far(QUESTION, longer)))
    await asyncio.sleep(0.3)  # the server has begun; it tells nobody
    assert not reading.done()
    assert await check(model, longer) <= 2 * WORDS_TOKENS + LITTLE
    reading.cancel()
