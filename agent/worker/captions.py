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

    def show(self, state: AgentState) -> None:
        if state != self._state:
            self._state = state
            self._outbox.attributes({ATTRIBUTE_AGENT_STATE: state})

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        self._caption(turn, heard.text, final=True, sender=self._presence.candidate)
        self.show("thinking")

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        self._caption(utterance.turn, utterance.text, final=False)
        self.show("speaking")

    def said(self, utterance: Utterance, played: Played) -> None:
        words = utterance.text.split()
        self._caption(utterance.turn, " ".join(words[: round(len(words) * played.share)]), final=True)

    def floor_opened(self, reply: Reply) -> None:
        self.show("listening")

    def viewed(self, view: View, reply: Reply) -> None: ...

    def _caption(self, segment: str, text: str, *, final: bool, sender: str | None = None) -> None:
        attributes = {
            ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID: segment,
            ATTRIBUTE_TRANSCRIPTION_FINAL: "true" if final else "false",
        }
        self._outbox.text(TOPIC_TRANSCRIPTION, text, attributes, sender=sender)
