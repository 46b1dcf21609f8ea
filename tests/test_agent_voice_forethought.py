"""What is prepared while the candidate speaks."""

import asyncio
import logging
from typing import cast

import pytest

from agent.voice.forethought import Forethought
from agent.voice.tts import PiperTTS


class Voice:
    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.made = asyncio.Event()

    async def prepare(self, text: str) -> None:
        self.prepared.append(text)
        self.made.set()


class Oracle:
    def __init__(self, *lines: str, fails: bool = False) -> None:
        self.lines = list(lines)
        self.fails = fails
        self.asked: list[str] = []

    async def foresee(self, partial: str) -> list[str]:
        self.asked.append(partial)
        if self.fails:
            raise RuntimeError("no")
        return self.lines


async def test_the_first_lines_of_the_likely_reply_are_made_beforehand() -> None:
    voice, oracle = Voice(), Oracle("Thank you.", "What then?", "And after that?")
    forethought = Forethought(oracle, cast(PiperTTS, voice))
    forethought.follow("We moved")
    await voice.made.wait()
    await asyncio.sleep(0)
    assert oracle.asked == ["We moved"]
    assert voice.prepared == ["Thank you.", "What then?"]
    await forethought.aclose()


async def test_the_same_words_are_looked_at_once() -> None:
    oracle = Oracle()
    forethought = Forethought(oracle, cast(PiperTTS, Voice()))
    for partial in ("We", "We", "We moved"):
        forethought.follow(partial)
    await asyncio.sleep(0)
    assert oracle.asked == ["We", "We moved"]
    await forethought.aclose()


async def test_a_failure_is_noted_and_costs_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    forethought = Forethought(Oracle(fails=True), cast(PiperTTS, Voice()))
    with caplog.at_level(logging.WARNING):
        forethought.follow("We moved")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert "RuntimeError" in caplog.text
    assert "We moved" not in caplog.text
    await forethought.aclose()
