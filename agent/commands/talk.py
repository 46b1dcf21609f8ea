"""`soundcheck talk`: a spoken interview in the terminal, with a microphone and a loudspeaker or headphones."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.sessions import Session, SessionStore
from agent.settings import Settings, load_settings
from agent.starting import Wish, check, listed, new_session

if TYPE_CHECKING:
    from agent.voice.holding import Studio
    from agent.voice.soundcard import SoundCard
    from graphs.models import View
    from graphs.plan import Plan

HINT = "Return: that's my answer · Ctrl-C: save and leave"
SPEAKERS = (
    "Without headphones the interviewer does not listen while it speaks. "
    "With headphones, add --headphones: then you can interrupt it."
)


def talk(
    stages: Annotated[str | None, typer.Option(help="Stages, separated by commas.")] = None,
    topics: Annotated[str | None, typer.Option(help="Topics, separated by commas.")] = None,
    questions: Annotated[int | None, typer.Option(min=1, help="Questions for each stage.")] = None,
    minutes: Annotated[float | None, typer.Option(min=1, help="For everything together.")] = None,
    loop: Annotated[str | None, typer.Option(help="A shipped loop, or a loop file.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed chooses the same questions.")] = 0,
    microphone: Annotated[
        str | None, typer.Option("--input", help="The microphone: number or part of its name.")
    ] = None,
    loudspeaker: Annotated[
        str | None, typer.Option("--output", help="The loudspeaker: number or part of its name.")
    ] = None,
    headphones: Annotated[
        bool, typer.Option("--headphones", help="You wear headphones: you can interrupt the interviewer.")
    ] = False,
    devices: Annotated[bool, typer.Option("--devices", help="List microphones and loudspeakers.")] = False,
    resume: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Carry on with a session: its id, its beginning, or `last`."),
    ] = None,
) -> None:
    """Speak with the interviewer. Nothing leaves this computer; Ctrl-C saves."""
    if devices:
        _list_devices()
        return
    settings = load_settings()
    what: Wish | Session = Wish(loop, listed(stages), listed(topics), questions, minutes, seed)
    if resume is not None:
        what = SessionStore(settings.sessions_dir).get(resume)
    talk_on(settings, what, microphone=microphone, loudspeaker=loudspeaker, headphones=headphones)


def talk_on(
    settings: Settings,
    what: Wish | Session,
    *,
    microphone: str | None = None,
    loudspeaker: str | None = None,
    headphones: bool = False,
    plan: "Plan | None" = None,
) -> None:
    """Hold a new interview, or carry on with a session, on this computer's sound card.

    `plan` is that of a session which has not begun.
    """
    from agent.voice.soundcard import SoundCard

    if isinstance(what, Wish):
        check(settings, what)
    card = SoundCard(microphone, loudspeaker, headphones=headphones)
    card.check()
    asyncio.run(_talk(settings, what, card, plan))


async def _talk(settings: Settings, what: Wish | Session, card: "SoundCard", plan: "Plan | None") -> None:
    from agent.voice.models import preload_speech_models

    preload_speech_models(settings)
    from agent.voice.captions import Captions
    from agent.voice.holding import hold, open_studio
    from agent.voice.session import Sitting
    from agent.voice.terminal import controlled_by_keys, keep_logs_quiet

    keep_logs_quiet(settings)
    console, sitting = Console(), Sitting()
    card.on_failure = sitting.fail
    captions = Captions(console, hint=HINT)
    with console.status("loading the models") as status:
        async with open_studio(settings) as studio:
            guide = studio.workplace.content.guide
            session, plan = (
                new_session(settings, guide, what, mode="spoken") if isinstance(what, Wish) else (what, plan)
            )
            status.stop()
            if not card.headphones:
                console.print(SPEAKERS, style="yellow")
            with captions, controlled_by_keys(sitting):
                view = await hold(studio, session, card, plan=plan, sitting=sitting, listeners=[captions])
            if view.consent == "refused":
                console.print("refused: nothing was kept")
            elif view.script is not None:
                then = "review" if view.finished else f"run --resume {session.id}"
                console.print(f"kept; next: soundcheck script {then}", highlight=False)
            elif view.finished:
                await show_report(studio, session, view, console)
            else:
                console.print(f"saved; carry on with: soundcheck talk --resume {session.id}", highlight=False)


async def show_report(studio: "Studio", session: Session, view: "View", console: Console) -> None:
    """Grade, write the report, and sum it up in the terminal."""
    from agent.report.summary import print_summary
    from agent.report.write import read_report
    from agent.voice.holding import report_on

    with console.status("grading") as status:
        paths = await report_on(
            studio, session, view, progress=lambda left: status.update(f"grading: {left} answers left")
        )
    if report := read_report(session):
        print_summary(report, paths.html, console)


def _list_devices() -> None:
    from agent.errors import AudioError
    from agent.voice.soundcard import devices

    table = Table(box=None)
    for column in ("number", "name", "microphone", "loudspeaker"):
        table.add_column(column)
    found = devices()
    if not found:
        raise AudioError(
            "PortAudio finds no microphone and no loudspeaker: use the browser instead, make run"
        )
    for device in found:
        table.add_row(
            str(device.number),
            device.name,
            _use(device.inputs, device.default_input),
            _use(device.outputs, device.default_output),
        )
    Console().print(table)


def _use(channels: int, default: bool) -> str:
    return "default" if default and channels else "yes" if channels else "-"
