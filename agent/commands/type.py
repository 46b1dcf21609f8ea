"""`soundcheck type`: the interview in the terminal, with the keyboard."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.errors import SessionError
from agent.sessions import Session, SessionStore
from agent.settings import Settings, load_settings
from agent.starting import Wish, check, listed, new_session

if TYPE_CHECKING:
    from agent.wiring import Workplace
    from graphs.models import View

HINT = "Return sends · a line that ends with \\ goes on · Ctrl-C saves and leaves"


def type_(
    stages: Annotated[str | None, typer.Option(help="Stages, separated by commas.")] = None,
    topics: Annotated[str | None, typer.Option(help="Topics, separated by commas.")] = None,
    questions: Annotated[int | None, typer.Option(min=1, help="Questions for each stage.")] = None,
    minutes: Annotated[float | None, typer.Option(min=1, help="For everything together.")] = None,
    loop: Annotated[str | None, typer.Option(help="A shipped loop, or a loop file.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed chooses the same questions.")] = 0,
    resume: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Carry on with a session: its id, its beginning, or `last`."),
    ] = None,
) -> None:
    """Answer in writing. Everything is saved as you go; Ctrl-C leaves and says how to come back."""
    settings = load_settings()
    if resume is not None:
        type_on(settings, SessionStore(settings.sessions_dir).get(resume))
        return
    type_on(settings, Wish(loop, listed(stages), listed(topics), questions, minutes, seed))


def type_on(settings: Settings, what: Wish | Session) -> None:
    """Hold a new interview, or carry on with a session, at the keyboard. Raises SessionError for a script's."""
    from agent.desk.screenings import screening_of

    if isinstance(what, Session) and screening_of(what) is not None:
        raise SessionError(f"{what.id} follows a screening script: soundcheck script run --resume {what.id}")
    asyncio.run(_type(settings, what))


async def _type(settings: Settings, what: Wish | Session) -> None:
    from agent.keyboard import Keyboard, converse
    from agent.typed_pad import TypedPad
    from agent.voice.transcript import write_transcript
    from agent.wiring import open_interview, open_workplace
    from graphs.errors import InterviewOver

    console = Console(highlight=False)
    if isinstance(what, Wish):
        check(settings, what)
    with console.status("loading the models") as status:
        async with open_workplace(settings) as workplace:
            session, plan = (
                new_session(settings, workplace.content.guide, what, mode="typed")
                if isinstance(what, Wish)
                else (what, None)
            )
            status.stop()
            warming = workplace.warm_up()
            console.print(HINT, style="dim")
            async with open_interview(workplace, session, plan, pads=["code"]) as (interview, desk):
                pad = TypedPad(interview, workplace.runs, console)
                try:
                    view = await converse(
                        interview,
                        Keyboard(),
                        console,
                        viewed=lambda view: desk.submit(view.answers),
                        pad=pad,
                    )
                except InterviewOver as error:
                    raise SessionError(
                        f"session {session.id} has ended: `soundcheck report {session.id}` shows how it went"
                    ) from error
            write_transcript(session.folder, view)
            warming.cancel()
            if view.finished:
                await _show_report(workplace, session, view, console)
            else:
                console.print(f"saved; carry on with: soundcheck type --resume {session.id}")


async def _show_report(workplace: "Workplace", session: Session, view: "View", console: Console) -> None:
    from agent.report.summary import print_summary
    from agent.report.write import read_report, write_report

    with console.status("grading") as status, session.locked():
        paths = await write_report(
            session,
            workplace.settings,
            grader=workplace.grader,
            search=workplace.search,
            view=view,
            progress=lambda left: status.update(f"grading: {left} answers left"),
        )
    if report := read_report(session):
        print_summary(report, paths.html, console)
