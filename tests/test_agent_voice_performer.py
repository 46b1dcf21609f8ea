import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from agent.voice.conductor import Reply
from agent.voice.pcm import Pcm
from agent.voice.performer import Performer
from graphs.manner import Spoken
from graphs.models import Utterance, View
from graphs.persona import load_persona

VIEW = cast(View, SimpleNamespace(finished=False, stopped=False))


class Room:
    """A voice and a microphone without sound: what was said, and an event when something is."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.spoke = asyncio.Event()
        self.ears = SimpleNamespace(timeline=self, feed=self.feed)

    async def phrases(self, spoken: Spoken) -> AsyncIterator[Pcm]:
        self.said.append(f"prepared {spoken.text}")
        yield np.zeros(1, dtype=np.int16)

    def feed(self, phrase: Pcm) -> asyncio.Future[None]:
        self.said.append("spoke")
        self.spoke.set()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def now_s(self) -> float:
        return 0.0

    async def until(self, at_s: float) -> None: ...


class Echo:
    def reply(self, view: View, said: list[Utterance]) -> Spoken | None:
        return Spoken(said[0].text, load_persona("strong").manner, think_s=0.0)


def reply(text: str) -> Reply:
    return Reply("hear", utterances=[Utterance(turn=text, kind="question", text=text)], complete=True)


async def test_a_reply_that_was_withdrawn_does_not_keep_the_candidate_silent() -> None:
    room = Room()
    performer = Performer(Echo(), cast(Any, room), cast(Any, room), on_failure=lambda error: None)
    withdrawn, final = reply("first"), reply("second")
    performer.viewed(VIEW, withdrawn)
    await asyncio.sleep(0)
    performer.viewed(VIEW, final)
    performer.floor_opened(final)
    await asyncio.wait_for(room.spoke.wait(), 5)
    await performer.aclose()
    assert room.said.count("spoke") == 1
    assert room.said[-2:] == ["prepared second", "spoke"]
