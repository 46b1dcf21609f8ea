"""Tells a page how the conversation goes, and keeps what a page needs that opens amid it."""

from collections.abc import Callable, Mapping

from agent.room.messages import Doing, Hearing, Line, Now, Spoken, Standing, ToPage
from agent.voice.conductor import Reply
from agent.voice.lines import Played
from agent.voice.words import Heard
from graphs.models import PAD_KINDS, Utterance, View
from graphs.plan import PlannedStage


class Narrator:
    """A listener of the interviewer's; see `Listener`. `stages` are the planned ones, by id."""

    def __init__(
        self,
        tell: Callable[[ToPage], None],
        stages: Mapping[str, PlannedStage],
        *,
        viewed: Callable[[View], None] = lambda view: None,
    ) -> None:
        self._tell = tell
        self._stages = stages
        self._viewed = viewed
        self.transcript: list[Line] = []
        self.standing: Standing | None = None
        self.doing: Doing = "loading"

    def open_with(self, view: View) -> None:
        """Where a stored interview stands before it is carried on."""
        self.transcript = [
            Line(turn=t.id, who=t.speaker, text=t.text, kind=t.kind)
            for t in view.turns
            if t.text and t.kind not in PAD_KINDS
        ]
        self.standing = self._standing(view)

    def followed(self, text: str) -> None:
        self._tell(Hearing(text=text))

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        line = Line(turn=turn, who="candidate", text=heard.text)
        if amends and (last := self._last_of_candidate()) is not None:
            before = self.transcript[last]
            self.transcript[last] = before.model_copy(update={"text": f"{before.text} {heard.text}"})
        else:
            self.transcript.append(line)
        self._tell(Spoken(line=line, amends=amends))
        self._tell(Hearing(text=""))
        self.show("thinking")

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        line = Line(turn=utterance.turn, who="interviewer", text=utterance.text, kind=utterance.kind)
        self.transcript.append(line)
        self._tell(Spoken(line=line))
        self.show("speaking")

    def said(self, utterance: Utterance, played: Played) -> None:
        if played.interrupted:
            self.show("listening")

    def floor_opened(self, reply: Reply) -> None:
        if self.standing is not None:
            self._tell(self.standing)
        self.show("listening")

    def viewed(self, view: View, reply: Reply) -> None:
        self.standing = self._standing(view)
        self._tell(self.standing)
        self._viewed(view)

    def show(self, doing: Doing) -> None:
        self.doing = doing
        self._tell(Now(doing=doing))

    def _last_of_candidate(self) -> int | None:
        return next(
            (i for i in reversed(range(len(self.transcript))) if self.transcript[i].who == "candidate"), None
        )

    def _standing(self, view: View) -> Standing:
        planned = self._stages.get(view.stage) if view.stage else None
        return Standing(
            stage=planned.title if planned else view.stage,
            stage_number=view.stages.index(view.stage) + 1 if view.stage in view.stages else None,
            stages=len(view.stages),
            interviewer=planned.interviewer.name if planned else None,
            role=planned.interviewer.role if planned else None,
            question=view.question_text,
            elapsed_s=view.elapsed_s,
            budget_s=view.budget_s,
            paused=view.paused,
            finished=view.finished,
        )
