"""Holds a session's interview aloud: the models, the stored interview and the two ends of the conversation together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.desk.conducting import ConsentKeeper
from agent.grading import GradingDesk
from agent.sessions import Session
from agent.settings import Settings
from agent.voice.conductor import Reply
from agent.voice.interviewer import Listener
from agent.voice.lines import Played
from agent.voice.models import SpeechModels, load_speech_models
from agent.voice.patience import Setting
from agent.voice.session import Devices, LeftOver, Sitting, converse
from agent.voice.traces import traced_to
from agent.voice.transcript import write_transcript
from agent.voice.words import Heard
from agent.wiring import Workplace, open_interview, open_workplace
from graphs.board import Pad
from graphs.interview import Interview
from graphs.models import Utterance, View
from graphs.plan import Plan

if TYPE_CHECKING:
    from agent.report.write import ReportPaths

Beside = Callable[[Interview], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Studio:
    """A workplace where one can speak."""

    workplace: Workplace
    speech: SpeechModels


class Meanwhile:
    """A listener that does what can wait: warms the workplace up once the interviewer speaks, and has each answer
    graded as soon as the interview has moved on from it."""

    def __init__(self, desk: GradingDesk, workplace: Workplace, keeper: ConsentKeeper) -> None:
        self._desk, self._workplace, self._keeper = desk, workplace, keeper
        self._opening: asyncio.Task[None] | None = None

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        if self._opening is None:
            self._opening = self._workplace.warm_up()

    def said(self, utterance: Utterance, played: Played) -> None: ...

    def floor_opened(self, reply: Reply) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None:
        self._keeper.viewed(view)
        self._desk.submit(view.answers)


@asynccontextmanager
async def open_studio(settings: Settings) -> AsyncIterator[Studio]:
    """Everything is loaded at the same time. Raises what `open_workplace` raises, and ModelsError."""
    with traced_to(settings.traces):
        loading = asyncio.create_task(asyncio.to_thread(load_speech_models, settings))
        try:
            async with open_workplace(settings) as workplace:
                yield Studio(workplace, await loading)
        finally:
            await asyncio.wait([loading])


async def hold(
    studio: Studio,
    session: Session,
    devices: Devices,
    *,
    plan: Plan | None = None,
    sitting: Sitting | None = None,
    listeners: Sequence[Listener] = (),
    patience: Setting | None = None,
    pads: Collection[Pad] = (),
    beside: Beside = lambda interview: nullcontext(),
    left_over: LeftOver | None = None,
    speed: float = 1.0,
) -> View:
    """One sitting: a new interview by `plan`, or the stored one carried on. Returns where it stands after it.

    Without `patience` that of the settings counts; `speed` is for devices that need not keep real time. `pads` are
    those that the candidate has; `beside` is entered with the interview for as long as it is talked.
    """
    keeper = ConsentKeeper(studio.workplace.settings, session)
    async with open_interview(studio.workplace, session, plan, pads=pads) as (interview, desk):
        async with beside(interview):
            await converse(
                interview,
                devices,
                session.folder,
                models=studio.speech,
                sitting=sitting,
                listeners=[*listeners, Meanwhile(desk, studio.workplace, keeper)],
                patience=patience or studio.workplace.settings.patience,
                left_over=left_over,
                speed=speed,
            )
        view = await interview.view()
    if keeper.ended(view):
        write_transcript(session.folder, view)
    return view


async def report_on(
    studio: Studio, session: Session, view: View, *, progress: Callable[[int], None] = lambda left: None
) -> "ReportPaths":
    """Grade what was answered and write the session's report; `progress` hears how many answers are left."""
    from agent.report.write import write_report

    workplace = studio.workplace
    with session.locked():
        return await write_report(
            session,
            workplace.settings,
            grader=workplace.grader,
            search=workplace.search,
            view=view,
            progress=progress,
        )
