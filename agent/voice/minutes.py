"""Keeps the record of a spoken conversation: sound, words with their times, and latency."""

from dataclasses import dataclass
from pathlib import Path

from agent.voice.conductor import Reply
from agent.voice.latency import Latency, LatencyLog, TurnLatency
from agent.voice.lines import Played
from agent.voice.recording import Recording
from agent.voice.traces import trace_reply
from agent.voice.words import Heard, SpokenTurn, spread
from graphs.models import Utterance, View


@dataclass
class _Wait:
    """A turn whose answer is still to be heard."""

    turn: str
    heard: Heard
    first_sound_s: float | None = None


class Minutes:
    """A listener of the interviewer's; see `Listener`."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        self._recording = recording
        self._latency = LatencyLog(folder)
        self._waiting: _Wait | None = None

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        self._recording.write_turn(SpokenTurn.of(turn, heard, amends=amends))
        self._waiting = _Wait(turn, heard)

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        wait = self._waiting
        if wait is None or reply.turn != wait.turn:
            return
        wait.first_sound_s = wait.first_sound_s or at_s
        if utterance.kind != "acknowledgement":
            latency = _latency(wait, reply, content_s=at_s)
            self._latency.add(latency)
            trace_reply(latency)
            self._waiting = None

    def said(self, utterance: Utterance, played: Played) -> None:
        count = round(len(utterance.text.split()) * played.share)
        text = " ".join(utterance.text.split()[:count])
        if text:
            words = spread(text, played.start_s, played.end_s)
            self._recording.write_turn(
                SpokenTurn(
                    turn=utterance.turn,
                    speaker="interviewer",
                    start_s=round(played.start_s, 3),
                    end_s=round(played.end_s, 3),
                    words=words,
                )
            )

    def floor_opened(self, reply: Reply) -> None:
        wait = self._waiting
        if wait is not None and reply.turn == wait.turn and wait.first_sound_s is not None:
            self._latency.add(_latency(wait, reply, content_s=None))
        self._waiting = None

    def viewed(self, view: View, reply: Reply) -> None:
        if view.may_be_kept:
            self._recording.agree()

    def close(self) -> Latency:
        self._recording.close()
        return self._latency.summarise()


def _latency(wait: _Wait, reply: Reply, *, content_s: float | None) -> TurnLatency:
    heard = wait.heard

    def since(at_s: float | None) -> float | None:
        return None if at_s is None else round(at_s - heard.last_sound_s, 3)

    return TurnLatency(
        turn=wait.turn,
        answer_s=round(heard.last_sound_s - heard.start_s, 3),
        last_sound_s=round(heard.last_sound_s, 3),
        transcript_s=round(heard.transcript_s - heard.last_sound_s, 3),
        end_of_turn_s=round(heard.decided_s - heard.last_sound_s, 3),
        told_s=since(reply.told_s),
        understood_s=since(reply.understood_s),
        first_words_s=since(reply.first_words_s),
        content_words_s=since(reply.content_words_s),
        content_voice_s=since(reply.content_voice_s),
        first_sound_s=since(wait.first_sound_s),
        first_content_s=since(content_s),
    )
