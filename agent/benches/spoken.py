"""Spoken interviews for benches: answers of a given length, the real loop, and what becomes of each answer.

Delays are taken from the sounds themselves: from the last sound of the candidate to the first of the voice.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from agent.sessions import read_lines
from agent.starting import Wish, new_session
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.conductor import Reply
from agent.voice.headless import Headless
from agent.voice.holding import Studio, hold
from agent.voice.latency import TurnLatency
from agent.voice.lines import Played
from agent.voice.pcm import RATE_HZ, Pcm, join, last_sound_s, silence
from agent.voice.session import Sitting
from agent.voice.words import Heard
from graphs.answerbook import load_answers
from graphs.manner import SENTENCE_END, Manner, Spoken
from graphs.models import Utterance, View

STAGE = "behavioral"
YES = "Yes, I am ready."
PAUSE_S = 0.45
"""Between two sentences of an answer."""
THINK_S = 1.0
"""Between the interviewer's last word and the answer."""


class Delay(BaseModel):
    """What followed one answer; seconds since its last sound. None where nothing did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_s: float
    """The length that was asked for."""
    first_sound_s: float | None
    first_content_s: float | None
    spent_s: dict[str, float]
    """What the time until the content was spent on."""
    cut_ins: int
    """How often the voice began before the answer was over."""


@dataclass(frozen=True)
class Answer:
    length_s: float
    """As asked for; the sound ends with a sentence, so that it may be a little longer."""
    pcm: Pcm

    @property
    def voiced_s(self) -> float:
        return last_sound_s(self.pcm) or 0.0


async def answers_of(voice: CandidateVoice, lengths_s: Sequence[float]) -> list[Answer]:
    """One answer of each length, made of authored ones; no two are alike, and all are the same on every run.

    Each ends as an authored answer ends: whoever stops amid a story is rightly waited for.
    """
    book = load_answers().authored
    texts = iter(
        text for question in sorted(book) for text in (book[question].mixed.text, book[question].strong.text)
    )
    made = []
    for length_s in lengths_s:
        said: list[Pcm] = []
        while (missing := round(length_s * RATE_HZ) - sum(map(len, said))) > 0:
            said = await _last_sentences(voice, next(texts), missing) + said
        made.append(Answer(length_s, join(said[1:])))
    return made


async def _last_sentences(voice: CandidateVoice, text: str, samples: int) -> list[Pcm]:
    """As many of them, each behind a pause, as make so much sound; fewer where the text is over before."""
    said: list[Pcm] = []
    for sentence in reversed(SENTENCE_END.split(text)):
        said = [silence(PAUSE_S), await voice.render(Spoken(sentence, Manner(), 0.0)), *said]
        if sum(map(len, said)) >= samples:
            break
    return said


async def yes_of(voice: CandidateVoice) -> Answer:
    """The reply to a greeting."""
    return Answer(0.0, await voice.render(Spoken(YES, Manner(), 0.0)))


async def said(devices: Headless, answer: Answer) -> tuple[float, float]:
    """Says an answer; from which to which second its sounds lasted, on the conversation's timeline."""
    ears = devices.ears
    await ears.timeline.until(ears.timeline.now_s() + THINK_S)
    await ears.feed(answer.pcm)
    ended_s = ears.timeline.now_s()
    began_s = ended_s - len(answer.pcm) / RATE_HZ
    return began_s, began_s + answer.voiced_s


@dataclass
class _Asked:
    """An answer that was given, and what was heard after it."""

    answer: Answer
    began_s: float
    last_sound_s: float
    starts: list[tuple[float, bool]] = field(default_factory=list)
    """When utterances began, and whether they were more than an acknowledgement."""

    def delay(self, latency: Sequence[TurnLatency]) -> Delay:
        after = [(at_s, content) for at_s, content in self.starts if at_s > self.last_sound_s]
        content_s = next((at_s for at_s, content in after if content), None)
        spent = next((t.spent_s for t in latency if abs(t.last_sound_s - self.last_sound_s) < 1.0), {})
        return Delay(
            answer_s=self.answer.length_s,
            first_sound_s=round(after[0][0] - self.last_sound_s, 3) if after else None,
            first_content_s=None if content_s is None else round(content_s - self.last_sound_s, 3),
            spent_s=spent,
            cut_ins=sum(self.began_s < at_s < self.last_sound_s for at_s, _ in self.starts),
        )


class Speaker:
    """A listener that gives the answers, one each time the floor is the candidate's, and then leaves."""

    def __init__(self, devices: Headless, sitting: Sitting, given: Sequence[Answer]) -> None:
        self._devices, self._sitting = devices, sitting
        self._left = list(given)
        self._floor = asyncio.Event()
        self.asked: list[_Asked] = []

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        if self.asked:
            self.asked[-1].starts.append((at_s, utterance.kind != "acknowledgement"))

    def floor_opened(self, reply: Reply) -> None:
        self._floor.set()

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def said(self, utterance: Utterance, played: Played) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None: ...

    async def speak(self) -> None:
        """To the end of the answers."""
        for answer in self._left:
            await self._floor.wait()
            self._floor.clear()
            asked = _Asked(answer, 0.0, 0.0)
            self.asked.append(asked)
            asked.began_s, asked.last_sound_s = await said(self._devices, answer)
        await self._floor.wait()
        self._sitting.stop()


async def interviewed(studio: Studio, yes: Answer, given: Sequence[Answer]) -> list[Delay]:
    """A spoken interview in which these answers are given; `yes` to its greeting is not counted."""
    settings, guide = studio.workplace.settings, studio.workplace.content.guide
    wish = Wish("full", [STAGE], [], 1 + len(given), None, 0)
    session, plan = new_session(settings, guide, wish, mode="demo")
    devices, sitting = Headless(), Sitting()
    speaker = Speaker(devices, sitting, [yes, *given])
    speaking = asyncio.create_task(speaker.speak())
    try:
        await hold(studio, session, devices, plan=plan, sitting=sitting, listeners=[speaker])
    finally:
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
    latency = read_lines(session.folder / "latency.jsonl", TurnLatency)
    return [asked.delay(latency) for asked in speaker.asked[1:]]
