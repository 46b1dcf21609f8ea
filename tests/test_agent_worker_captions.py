"""Captions and state, as they are sent to a room that writes everything down."""

from typing import Any

from agent.voice.conductor import Reply
from agent.voice.lines import Played
from agent.voice.words import Heard, spread
from agent.worker.captions import RoomCaptions
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence
from graphs.models import Utterance
from tests.test_agent_worker_presence import watched

QUESTION = Utterance(turn="i1", kind="question", text="What did you change in your last team?")


class Written(Outbox):
    """Sends nothing."""

    def __init__(self) -> None:
        self.captions: list[tuple[str | None, str, bool, str]] = []
        self.states: list[str] = []

    def text(
        self,
        topic: str,
        text: str,
        attributes: dict[str, str],
        *,
        sender: str | None = None,
        to: str | None = None,
    ) -> None:
        final = attributes["lk.transcription_final"] == "true"
        self.captions.append((sender, attributes["lk.segment_id"], final, text))

    def attributes(self, attributes: dict[str, str]) -> None:
        self.states.append(attributes["lk.agent.state"])


def captioned() -> tuple[RoomCaptions, Written]:
    room, presence = watched()
    room.join("ada")
    written: Any = Written()
    named: Presence = presence
    return RoomCaptions(written, named), written


def heard(text: str) -> Heard:
    return Heard(spread(text, 0.0, 1.0), 1.0, 1.5, 1.5)


async def test_what_is_understood_of_an_answer_is_replaced_until_it_is_final() -> None:
    captions, written = captioned()
    captions.followed("We moved")
    captions.followed("We moved to")
    captions.heard("c1", heard("We moved to demos."), amends=False)
    captions.followed("")
    captions.followed("Then")
    assert written.captions == [
        ("ada", "answer-0", False, "We moved"),
        ("ada", "answer-0", False, "We moved to"),
        ("ada", "answer-0", True, "We moved to demos."),
        ("ada", "answer-1", False, "Then"),
    ]


async def test_an_interrupted_line_ends_where_it_was_heard_to() -> None:
    captions, written = captioned()
    captions.started(QUESTION, 3.0, Reply("hear"))
    captions.said(QUESTION, Played("i1", 3.0, 4.0, share=0.5, interrupted=True))
    assert written.captions == [
        (None, "i1", False, QUESTION.text),
        (None, "i1", True, "What did you change"),
    ]
    assert written.states == ["speaking", "listening"]


async def test_the_state_is_told_once_for_each_change() -> None:
    captions, written = captioned()
    captions.heard("c1", heard("Yes."), amends=False)
    captions.started(QUESTION, 3.0, Reply("hear"))
    captions.started(QUESTION, 5.0, Reply("hear"))
    captions.floor_opened(Reply("hear"))
    assert written.states == ["thinking", "speaking", "listening"]
