"""`soundcheck report`: write the report of a session, as often as you like."""

import asyncio
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.sessions import Session, SessionStore
from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from agent.report.write import ReportPaths


def report(
    session_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id, its beginning, or `last`.")
    ] = "last",
    open_it: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    grading: Annotated[
        bool, typer.Option("--grading/--no-grading", help="Grade what is not graded yet; needs the models.")
    ] = True,
) -> None:
    """Write a session's report again from what is stored, grading first what is not graded yet."""
    from agent.report.summary import print_summary
    from agent.report.write import read_report

    settings = load_settings()
    session = SessionStore(settings.sessions_dir).get(session_id)
    console = Console(stderr=True)
    with session.locked():
        paths = asyncio.run(make_report(session, settings, console, grading=grading))
    if as_json:
        typer.echo(paths.json.read_text(encoding="utf-8"), nl=False)
    elif written := read_report(session):
        print_summary(written, paths.html, Console())
    if open_it:
        webbrowser.open(paths.html.as_uri())


async def make_report(
    session: Session, settings: Settings, console: Console, *, grading: bool = True
) -> "ReportPaths":
    """The report of a session that nobody else has open. Models are loaded only where something waits for them."""
    from agent.report.write import load_library, stored_view, waits_for_models, write_report

    library = load_library(settings)
    view = await stored_view(session, library)
    if not grading or not waits_for_models(session, view):
        return await write_report(session, settings, view=view, library=library)

    from agent.wiring import open_workplace

    with console.status("loading the models") as status:

        def tell(left: int) -> None:
            status.update(
                f"grading: {left} {'answer' if left == 1 else 'answers'} left" if left else "writing"
            )

        async with open_workplace(settings) as workplace:
            return await write_report(
                session,
                settings,
                grader=workplace.grader,
                search=workplace.search,
                view=view,
                library=library,
                progress=tell,
            )
