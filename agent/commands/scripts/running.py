"""`soundcheck script run`: the conversation with a person."""

import asyncio
import getpass
from typing import Annotated

import typer
from rich.console import Console

from agent.desk.screenings import Desk, Screening
from agent.errors import SessionError
from agent.sessions import Mode
from agent.settings import Settings, load_settings

By = Annotated[
    str | None, typer.Option("--by", help="Your name, for the log; the account's name if left out.")
]
HINT = "Return sends · a line that ends with \\ goes on · Ctrl-C saves and leaves"


def run(
    script: Annotated[
        str | None, typer.Argument(metavar="SCRIPT", help="A shipped script's name, or a file.")
    ] = None,
    candidate: Annotated[
        str | None, typer.Option(help="Your own reference, e.g. the application's number; no name is needed.")
    ] = None,
    spoken: Annotated[bool, typer.Option("--spoken", help="With microphone and loudspeaker.")] = False,
    room: Annotated[
        bool, typer.Option("--room", help="Only prepare it, and print the address in `soundcheck serve`.")
    ] = False,
    extra_time: Annotated[bool, typer.Option("--extra-time", help="The script's accommodation.")] = False,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Carry on with a session, in place of SCRIPT.")
    ] = None,
    by: By = None,
) -> None:
    """Conduct a script with a candidate: consent first, the same words for all; typed, --spoken or in a --room."""
    from agent.desk.retention import delete_expired

    if spoken and room:
        raise typer.BadParameter("choose one of the two: a room is spoken too", param_hint="--spoken, --room")
    if script is None and resume is None:
        raise typer.BadParameter("name a script, or a session with --resume", param_hint="SCRIPT")
    if resume is not None and (script or candidate or extra_time or spoken):
        why = "a session keeps its script, its candidate, its time, and whether it is spoken: leave those out"
        raise typer.BadParameter(why, param_hint="--resume")
    settings = load_settings()
    desk = Desk(settings)
    delete_expired(desk)
    if script is not None:
        mode: Mode = "spoken" if spoken or room else "typed"
        screening = _invite(desk, script, candidate or "", mode=mode, by=person(by), extra_time=extra_time)
    else:
        screening = desk.get(resume or "")
    if room:
        _prepare_room(settings, screening)
    elif screening.session.info.mode == "spoken":
        _spoken(settings, screening)
    else:
        asyncio.run(_typed(settings, screening))


def person(by: str | None) -> str:
    return by or getpass.getuser()


def _invite(desk: Desk, script: str, candidate: str, *, mode: Mode, by: str, extra_time: bool) -> Screening:
    """What is doubtful about the script is said to the recruiter, before the candidate sits down."""
    from agent.desk.checking import MUST_NOT_BE_ASKED, against_earlier, checked

    loaded, found = checked(script, MUST_NOT_BE_ASKED)
    console = Console(stderr=True, highlight=False)
    if found:
        many = f"{len(found)} finding{'s' if len(found) > 1 else ''}"
        console.print(f"{many} in {loaded.path}: soundcheck script lint names them", markup=False)
    if note := against_earlier(desk, loaded):
        console.print(note, markup=False)
    return desk.invite(loaded, candidate, mode=mode, by=by, extra_time=extra_time)


async def _typed(settings: Settings, screening: Screening) -> None:
    from agent.desk.conducting import ConsentKeeper
    from agent.keyboard import Keyboard, converse
    from agent.voice.transcript import write_transcript
    from agent.wiring import open_interview, open_workplace
    from graphs.errors import InterviewOver

    console, session = Console(highlight=False), screening.session
    keeper = ConsentKeeper(settings, session)
    async with open_workplace(settings) as workplace:
        console.print(HINT, style="dim")
        async with open_interview(workplace, session, screening.plan) as (interview, _):
            try:
                view = await converse(interview, Keyboard(), console, viewed=keeper.viewed)
            except InterviewOver as error:
                raise SessionError(f"session {session.id} has ended: soundcheck script review") from error
        if not keeper.ended(view):
            console.print("refused: nothing was kept")
            return
        write_transcript(session.folder, view)
    _tell(console, session.id, finished=view.finished)


def _spoken(settings: Settings, screening: Screening) -> None:
    from agent.commands.talk import talk_on

    talk_on(settings, screening.session, plan=screening.plan)


def _prepare_room(settings: Settings, screening: Screening) -> None:
    from datetime import UTC, datetime

    from agent.room.card import Card, read_card, write_card

    if screening.session.info.mode != "spoken":
        raise SessionError(
            f"{screening.id} is typed: soundcheck script run --resume {screening.id} carries it on here"
        )
    if read_card(screening.session) is None:
        card = Card(consented=datetime.now(UTC), patience=settings.patience, plan=screening.plan)
        write_card(screening.session, card)
    typer.echo(f"soundcheck serve, then open: http://localhost:{settings.room_port}/room/{screening.id}")


def _tell(console: Console, session: str, *, finished: bool) -> None:
    if finished:
        console.print(f"kept as {session}; next: soundcheck script review")
    else:
        console.print(f"saved; carry on with: soundcheck script run --resume {session}", markup=False)
