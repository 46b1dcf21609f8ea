"""Interviews that are being held. They live here, not in a socket: a page may go and come back, or be another one."""

import asyncio

from agent.room.actions import act
from agent.room.card import Card
from agent.room.line import BrowserLine, Client
from agent.room.messages import FromPage, Hello, Over, RunTests, ToPage, Welcome, Write
from agent.room.narrator import Narrator
from agent.room.pads import PadDesk
from agent.sessions import Session
from agent.voice.holding import Studio, hold
from agent.voice.session import Sitting
from graphs.models import View

GRACE_S = 45.0
"""So long a sitting waits for its page before it is saved and closed."""
LONGEST_PAUSE_S = 900.0


class Live:
    """One sitting, from `view` on. `task` gives whether a report is due: a script's candidate gets none."""

    def __init__(self, studio: Studio, session: Session, card: Card, view: View) -> None:
        self.session = session
        self._studio = studio
        self._card = card
        self._client: Client | None = None
        self._line = BrowserLine()
        planned = card.plan.stages if card.plan is not None else []
        self._narrator = Narrator(self.tell, {stage.id: stage for stage in planned}, viewed=self._viewed)
        self._narrator.open_with(view)
        self.pads = PadDesk(self.tell, studio.workplace.runs)
        self._sitting = Sitting(followed=self._narrator.followed)
        self._timer: asyncio.TimerHandle | None = None
        self.task = asyncio.create_task(self._run(), name=f"interview {session.id}")

    @property
    def ending(self) -> bool:
        return self._sitting.stopped.is_set() or self.task.done()

    def join(self, client: Client, hello: Hello) -> None:
        """This page takes over; the one that was connected before is told."""
        if self._client is not None:
            self._client.tell(Over(how="elsewhere", why="The interview goes on in another tab."))
        self._client = client
        self._line.connect(
            client,
            stream=hello.stream,
            captured=hello.captured,
            microphone=hello.microphone,
            held=hello.held,
        )
        self._sitting.candidate_away(False)
        self._mind_pause()
        self.tell(
            Welcome(
                voice_rate_hz=self._studio.speech.piper.rate_hz,
                next_frame=self._line.next_frame,
                doing=self._narrator.doing,
                standing=self._narrator.standing,
                transcript=self._narrator.transcript,
            )
        )
        self.pads.greet()

    def leave(self, client: Client) -> None:
        """That page's connection is gone; it may come back."""
        if client is not self._client:
            return
        self._client = None
        self._line.disconnect()
        self._sitting.candidate_away(True)
        self._start_timer(GRACE_S)

    def take(self, client: Client, message: FromPage) -> None:
        if client is not self._client:
            return
        if isinstance(message, Write | RunTests):
            self.pads.take(message)
        else:
            act(self._sitting, message, end=self.stop)

    def sound(self, client: Client, first_frame: int, data: bytes) -> None:
        if client is self._client:
            self._line.frames(first_frame, data)

    def stop(self) -> None:
        """Save what is being said, and end; the interview can be carried on."""
        if not self.ending:
            self._line.give_up()
            self._narrator.show("saving")
            self._sitting.stop()

    async def _run(self) -> bool:
        view = await hold(
            self._studio,
            self.session,
            self._line,
            plan=self._card.plan,
            sitting=self._sitting,
            listeners=[self._narrator],
            patience=self._card.patience,
            pads=("code", "sketch"),
            beside=self.pads.attend,
            left_over=self._line.left_over,
        )
        self._stop_timer()
        self.tell(Over(how="finished" if view.finished else "saved"))
        return view.finished and view.script is None

    def _viewed(self, view: View) -> None:
        self.pads.viewed(view)
        if self._client is not None:
            self._mind_pause()

    def tell(self, message: ToPage) -> None:
        if self._client is not None:
            self._client.tell(message)

    def _mind_pause(self) -> None:
        """The page is there: it waits for nothing but the end of a pause."""
        self._stop_timer()
        if self._narrator.standing is not None and self._narrator.standing.paused:
            self._start_timer(LONGEST_PAUSE_S)

    def _start_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.stop)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
