import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.voice.conductor import Conductor, Reply
from graphs.models import Utterance, View
from tests.fakes import ScriptedInterview


class Log:
    def __init__(self) -> None:
        self.words = 0
        self.done: list[Reply] = []
        self.failures: list[BaseException] = []

    def on_words(self) -> None:
        self.words += 1

    def on_done(self, reply: Reply, view: View) -> None:
        self.done.append(reply)


def conductor_of(interview: ScriptedInterview, log: Log) -> Conductor:
    return Conductor(
        interview,
        now_s=lambda: 0.0,
        on_words=log.on_words,
        on_done=log.on_done,
        on_failure=log.failures.append,
    )


async def idle(conductor: Conductor) -> None:
    await asyncio.gather(*conductor._tasks, return_exceptions=True)
    await asyncio.sleep(0)


async def test_only_what_nobody_waits_for_calls_for_a_voice() -> None:
    log = Log()
    conductor = conductor_of(ScriptedInterview(["One?", "Two?"]), log)
    conductor.begin()
    await idle(conductor)
    assert log.words == 1
    conductor.hear("An answer.", turn="c1", waited_s=0.0)
    await idle(conductor)
    assert log.words == 1
    conductor.silence(15.0)
    await idle(conductor)
    assert log.words == 2


async def test_a_turn_that_the_end_of_the_sitting_cuts_off_is_kept_and_not_replied_to() -> None:
    log, interview = Log(), ScriptedInterview(["One?"])
    conductor = conductor_of(interview, log)
    conductor.begin()
    await idle(conductor)
    conductor.keep("At my last company we", turn="c1")
    await idle(conductor)
    assert interview.told == [("keep", "At my last company we")]
    assert [(reply.cause, reply.utterances) for reply in log.done][1:] == [("keep", [])]


async def test_a_voice_that_was_cut_off_takes_up_where_it_was_heard_last() -> None:
    conductor = conductor_of(ScriptedInterview(["One?"]), Log())
    conductor.begin()
    reply = conductor.reply
    first = await anext(reply.unsaid())
    assert first.kind == "greeting"
    reply.said = 1
    await idle(conductor)
    assert [u.text async for u in reply.unsaid()] == ["One?"]
    reply.said = 2
    assert reply.delivered


async def test_an_utterance_that_was_broken_off_goes_on_with_the_clause_in_which_it_stopped() -> None:
    question = Utterance(
        turn="i1", kind="question", text="Tell me what you built, who helped, and what it cost."
    )
    reply = Reply("begin", utterances=[question], complete=True)
    reply.heard_of(question, 0.6)
    (rest,) = [utterance async for utterance in reply.unsaid()]
    assert (rest.turn, rest.text) == ("i1", "who helped, and what it cost.")
    reply.heard_of(rest, 0.7)
    (rest,) = [utterance async for utterance in reply.unsaid()]
    assert rest.text == "and what it cost."
    reply.heard_of(rest, 1.0)
    assert reply.delivered
    assert [utterance async for utterance in reply.unsaid()] == []


async def test_nobody_who_stops_listening_stops_the_interview() -> None:
    interview = ScriptedInterview(["One?", "Two?"], think_s=0.01)
    conductor = conductor_of(interview, Log())
    conductor.begin()
    await idle(conductor)
    conductor.hear("An answer.", turn="c1", waited_s=0.0)

    async def voice() -> None:
        async for _ in conductor.reply.unsaid():
            pass

    listening = asyncio.create_task(voice())
    await asyncio.sleep(0)
    listening.cancel()
    await idle(conductor)
    assert [turn.text for turn in interview.turns][-1] == "Two?"
    assert conductor.reply.complete


class SlowInterview(ScriptedInterview):
    """Notes when it is told something and when it is done with it."""

    def __init__(self) -> None:
        super().__init__(["One?", "Two?", "Three?"])
        self.go_on = asyncio.Event()

    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self.told.append(("hear", text))
        await self.go_on.wait()
        self.told.append(("done", text))
        yield self._ask()

    async def amend(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self.told.append(("amend", text))
        self.go_on.set()
        yield self._ask()


async def test_late_words_reach_an_interview_that_is_still_thinking() -> None:
    interview, log = SlowInterview(), Log()
    conductor = conductor_of(interview, log)
    conductor.hear("First.", turn="c1", waited_s=0.0)
    await asyncio.sleep(0)
    conductor.amend("And more.", turn="c2", waited_s=0.0)
    await idle(conductor)
    assert interview.told == [("hear", "First."), ("amend", "And more."), ("done", "First.")]
    assert conductor.reply.turn == "c2"
    assert not log.failures


async def test_three_events_at_once_keep_their_order() -> None:
    interview = SlowInterview()
    conductor = conductor_of(interview, Log())
    conductor.hear("First.", turn="c1", waited_s=0.0)
    conductor.hear("Second.", turn="c2", waited_s=0.0)
    conductor.hear("Third.", turn="c3", waited_s=0.0)
    for _ in range(5):
        await asyncio.sleep(0)
    assert interview.told == [("hear", "First."), ("hear", "Second.")]
    interview.go_on.set()
    await idle(conductor)
    assert [text for kind, text in interview.told if kind == "hear"] == ["First.", "Second.", "Third."]


class BrokenInterview(ScriptedInterview):
    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        raise ConnectionError("no model")
        yield  # makes it a generator


async def test_a_failure_of_the_interview_is_reported_and_ends_the_reply() -> None:
    log = Log()
    conductor = conductor_of(BrokenInterview(["One?"]), log)
    conductor.hear("An answer.", turn="c1", waited_s=0.0)
    await idle(conductor)
    await asyncio.sleep(0)
    assert [str(error) for error in log.failures] == ["no model"]
    assert conductor.reply.complete
    with pytest.raises(StopAsyncIteration):
        await anext(conductor.reply.unsaid())


async def test_the_end_is_noticed() -> None:
    log = Log()
    conductor = conductor_of(ScriptedInterview([]), log)
    conductor.begin()
    await idle(conductor)
    await asyncio.sleep(0)
    assert conductor.finished
