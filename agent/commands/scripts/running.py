"""`soundcheck script run`: the conversation with a person."""

import asyncio
import getpass
from typing import Annotated

import typer
from rich.console import Console

from agent.commands.scripts.writing import ScriptName
from agent.desk.screenings import Desk, Screening
from agent.errors import SessionError
from agent.sessions import Mode
from agent.settings import Settings, load_settings
from graphs.plan import Plan

By = Annotated[
    str | None, typer.Option("--by", help="Your name, for the log; the account's name if left out.")
]
HINT = "Return sends · a line that ends with \\ goes on · Ctrl-C saves and leaves"


def run(
    script: ScriptName,
    candidate: Annotated[
        str | None, typer.Option(help="Your own reference, e.g. the application's number; no name is needed.")
    ] = None,
    spoken: Annotated[bool, typer.Option("--spoken", help="With microphone and loudspeaker.")] = False,
    room: Annotated[
        bool, typer.Option("--room", help="Only prepare it, and print the address in `soundcheck serve`.")
    ] = False,
    extra_time: Annotated[bool, typer.Option("--extra-time", help="The script's accommodation.")] = False,
    resume: Annotated[str | None, typer.Option(metavar="ID", help="Carry on with a session.")] = None,
    by: By = None,
) -> None:
    """Conduct a script with a candidate: consent first, the same words for all; typed, --spoken or in a --room."""
    from agent.desk.retention import delete_expired
    from knowledge.screening.loader import load_script

    settings = load_settings()
    desk = Desk(settings)
    delete_expired(desk)
    if resume is not None:
        screening, plan = desk.get(resume), None
    else:
        mode: Mode = "spoken" if spoken or room else "typed"
        screening, plan = desk.invite(
            load_script(script), candidate or "", mode=mode, by=person(by), extra_time=extra_time
        )
    if room:
        _prepare_room(settings, screening, plan)
    elif screening.session.info.mode == "spoken":
        _spoken(settings, screening, plan)
    else:
        asyncio.run(_typed(settings, desk, screening, plan))


def person(by: str | None) -> str:
    return by or getpass.getuser()


async def _typed(settings: Settings, desk: Desk, screening: Screening, plan: Plan | None) -> None:
    from agent.desk.conducting import ConsentKeeper
    from agent.keyboard import Keyboard, converse
    from agent.voice.transcript import write_transcript
    from agent.wiring import open_interview, open_workplace
    from graphs.errors import InterviewOver

    console, session = Console(highlight=False), screening.session
    keeper = ConsentKeeper(settings, session)
    async with open_workplace(settings) as workplace:
        console.print(HINT, style="dim")
        async with open_interview(workplace, session, plan) as (interview, _):
            try:
                view = await converse(interview, Keyboard(), console, viewed=keeper.viewed)
            except InterviewOver as error:
                raise SessionError(f"session {session.id} has ended: soundcheck script review") from error
        if not keeper.ended(view):
            console.print("refused: nothing was kept")
            return
        write_transcript(session.folder, view)
    _tell(console, session.id, finished=view.finished)


def _spoken(settings: Settings, screening: Screening, plan: Plan | None) -> None:
    from agent.commands.talk import talk_on

    talk_on(settings, screening.session, plan=plan)


def _prepare_room(settings: Settings, screening: Screening, plan: Plan | None) -> None:
    from datetime import UTC, datetime

    from agent.room.card import Card, write_card

    write_card(screening.session, Card(consented=datetime.now(UTC), patience=settings.patience, plan=plan))
    typer.echo(f"soundcheck serve, then open: http://localhost:{settings.room_port}/room/{screening.id}")


def _tell(console: Console, session: str, *, finished: bool) -> None:
    if finished:
        console.print(f"kept as {session}; next: soundcheck script review")
    else:
        console.print(f"saved; carry on with: soundcheck script run SCRIPT --resume {session}", markup=False)
