"""What is done about a turn before it is over: nothing may come of it but a quicker reply."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from graphs.ahead import Ahead
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.plan import make_plan
from rubrics.language import LanguageModel, Message
from tests.fakes import FakeClock, FakeLanguageModel
from tests.golden import FOLDER, small_deps
from tests.test_graphs_interview import said

HALF = "Last spring the thermostat broke at four in the morning, so I moved the loaves to the stone oven."
WHOLE = f"{HALF} In the end it was fine."


def thinking(*, judge: Any = lambda _: -2.0) -> FakeLanguageModel:
    """A model that may be asked ahead of a turn, and always picks up the stone oven."""
    language = Picks(judge=judge)
    language.ahead = Picks(judge=judge)
    return language


class Picks(FakeLanguageModel):
    async def complete(self, messages: Sequence[Message], **options: Any) -> str:
        self.calls.append(list(messages))
        return '"the stone oven"'


def calls(model: LanguageModel | None) -> int:
    assert isinstance(model, FakeLanguageModel)
    return len(model.calls)


async def asked_a_question(language: FakeLanguageModel) -> Interview:
    deps = replace(small_deps(FakeClock(), language))
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide)
    interview = await Interview.open(InMemorySaver(), deps, session="s", plan=plan)
    await said(interview.begin())
    await said(interview.hear("yes", turn="c0"))
    return interview


async def test_a_reply_that_was_foreseen_asks_the_model_nothing_more() -> None:
    language = thinking()
    interview = await asked_a_question(language)
    foreseen = await interview.foresee(WHOLE)
    assert calls(language.ahead) > 0
    heard = await said(interview.hear(WHOLE, turn="c1"))
    assert [u.text for u in heard] == foreseen
    assert "stone oven" in foreseen[0]
    assert calls(language) == 0


async def test_what_was_found_on_most_of_the_words_serves_for_all_of_them() -> None:
    language = thinking()
    interview = await asked_a_question(language)
    foreseen = await interview.foresee(HALF)
    heard = await said(interview.hear(f"{HALF} It was cold.", turn="c1"))
    assert [u.text for u in heard] == foreseen
    assert calls(language) == 0


async def test_foreseeing_leaves_the_interview_as_it_was() -> None:
    interview = await asked_a_question(thinking())
    before = await interview.view()
    await interview.foresee(WHOLE)
    await interview.foresee("can we stop here for today")
    assert await interview.view() == before


async def test_the_words_so_far_are_read_even_where_nothing_is_to_be_decided() -> None:
    language = thinking()
    interview = await asked_a_question(language)
    await interview.foresee("")
    await interview.foresee(HALF)
    assert isinstance(language.ahead, FakeLanguageModel)
    first, second = language.ahead.read_
    assert second[0] == first[0]
    assert second[1]["content"].startswith(first[1]["content"])
    assert HALF in second[1]["content"]


async def test_a_model_that_must_not_be_asked_in_vain_is_asked_nothing_ahead() -> None:
    language = Picks()
    interview = await asked_a_question(language)
    assert await interview.foresee(WHOLE) == []
    assert calls(language) == 0


class Slow(Picks):
    """Picks when it is released."""

    def __init__(self) -> None:
        super().__init__(judge=lambda _: -2.0)
        self.asked, self.released = asyncio.Event(), asyncio.Event()

    async def complete(self, messages: Sequence[Message], **options: Any) -> str:
        self.asked.set()
        await self.released.wait()
        return await super().complete(messages, **options)


async def test_a_turn_takes_over_what_is_under_way_for_just_its_words() -> None:
    language, slow = Picks(judge=lambda _: -2.0), Slow()
    language.ahead = slow
    interview = await asked_a_question(language)
    looking = asyncio.create_task(interview.foresee(WHOLE))
    await slow.asked.wait()
    turn = asyncio.create_task(said(interview.hear(WHOLE, turn="c1")))
    slow.released.set()
    assert [u.text for u in await turn] == await looking
    assert calls(language) == 0


async def test_a_follow_up_that_is_being_worded_on_fewer_words_is_waited_for() -> None:
    language, slow = Picks(judge=lambda _: -2.0), Slow()
    language.ahead = slow
    interview = await asked_a_question(language)
    looking = asyncio.create_task(interview.foresee(HALF))
    await slow.asked.wait()
    turn = asyncio.create_task(said(interview.hear(f"{HALF} {HALF}", turn="c1")))
    await asyncio.wait([looking])
    assert looking.cancelled()
    slow.released.set()
    (reply,) = await turn
    assert "stone oven" in reply.text
    assert calls(language) == 0


async def test_the_time_for_wording_counts_from_the_last_sound() -> None:
    slow = Slow()
    deps = replace(small_deps(FakeClock(), slow), wording_deadline_s=60.0)
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide)
    interview = await Interview.open(InMemorySaver(), deps, session="s", plan=plan)
    await said(interview.begin())
    await said(interview.hear("yes", turn="c0"))
    (reply,) = await said(interview.hear(WHOLE, turn="c1", waited_s=60.0))
    assert "stone oven" not in reply.text


def test_what_was_shown_stays_shown_and_what_was_missing_is_looked_for_again() -> None:
    ahead = Ahead()
    ahead.note_shown("a1", "star.result", "one two three four", shown=True)
    ahead.note_shown("a1", "star.action", "one two three four", shown=False)
    longer, much_longer = "one two three four five", "one " * 20
    assert ahead.shown("a1", "star.result", much_longer) is True
    assert ahead.shown("a1", "star.action", longer) is False
    assert ahead.shown("a1", "star.action", much_longer) is None
    assert ahead.shown("a2", "star.result", longer) is None
    ahead.rehearsing = True
    assert ahead.shown("a1", "star.action", longer) is None


async def worded(ahead: Ahead, words: int, text: str | None) -> str | None:
    async def make() -> str | None:
        return text

    return await ahead.wording("a1", "How did it end?", "word " * words, make, 1.0)


async def test_a_rehearsal_words_a_follow_up_again_when_the_answer_has_grown() -> None:
    ahead = Ahead(rehearsing=True)
    assert await worded(ahead, 4, "one") == "one"
    assert await worded(ahead, 5, "two") == "one"
    assert await worded(ahead, 20, "two") == "two"
    ahead.rehearsing = False
    assert await worded(ahead, 90, "three") == "two"


async def test_a_wording_that_failed_is_tried_again_and_an_older_one_outlives_it() -> None:
    ahead = Ahead(rehearsing=True)
    assert await worded(ahead, 4, None) is None
    assert await worded(ahead, 4, "one") == "one"
    assert await worded(ahead, 20, None) == "one"


async def test_the_turn_itself_takes_an_older_wording_rather_than_wait() -> None:
    ahead, never = Ahead(rehearsing=True), asyncio.Event()

    async def make() -> str | None:
        await never.wait()
        return "two"

    await worded(ahead, 4, "one")
    newer = asyncio.create_task(ahead.wording("a1", "How did it end?", "word " * 20, make, None))
    await asyncio.sleep(0)
    ahead.rehearsing = False
    assert await ahead.wording("a1", "How did it end?", "word " * 20, make, None) == "one"
    ahead.drop_unfinished()
    assert await newer == "one"
