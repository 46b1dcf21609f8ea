"""Captions of both sides and the interviewer's state, as LiveKit's own clients and frontends understand them."""

from livekit.agents.types import (
    ATTRIBUTE_AGENT_STATE,
    ATTRIBUTE_TRANSCRIPTION_FINAL,
    ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID,
    TOPIC_TRANSCRIPTION,
)
from livekit.agents.voice.events import AgentState

from agent.voice.conductor import Reply
from agent.voice.lines import Played
from agent.voice.words import Heard
from agent.worker.outbox import Outbox
from agent.worker.presence import Presence
from graphs.models import Utterance, View


class RoomCaptions:
    """A listener of the interviewer's; see `Listener`. Text that is not final is replaced by what follows it."""

    def __init__(self, outbox: Outbox, presence: Presence) -> None:
        self._outbox = outbox
        self._presence = presence
        self._state: AgentState | None = None
        self._answers = 0

    def followed(self, text: str) -> None:
        """What was understood so far of the candidate's words."""
        if text:
            self._caption(self._answer, text, final=False, sender=self._presence.candidate)

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        self._caption(self._answer, heard.text, final=True, sender=self._presence.candidate)
        self._answers += 1
        self._show("thinking")

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        self._caption(utterance.turn, utterance.text, final=False)
        self._show("speaking")

    def said(self, utterance: Utterance, played: Played) -> None:
        words = utterance.text.split()
        self._caption(utterance.turn, " ".join(words[: round(len(words) * played.share)]), final=True)
        if played.interrupted:
            self._show("listening")

    def floor_opened(self, reply: Reply) -> None:
        self._show("listening")

    def viewed(self, view: View, reply: Reply) -> None: ...

    @property
    def _answer(self) -> str:
        return f"answer-{self._answers}"

    def _show(self, state: AgentState) -> None:
        if state != self._state:
            self._state = state
            self._outbox.attributes({ATTRIBUTE_AGENT_STATE: state})

    def _caption(self, segment: str, text: str, *, final: bool, sender: str | None = None) -> None:
        attributes = {
            ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID: segment,
            ATTRIBUTE_TRANSCRIPTION_FINAL: "true" if final else "false",
        }
        self._outbox.text(TOPIC_TRANSCRIPTION, text, attributes, sender=sender)
