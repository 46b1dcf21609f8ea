"""`soundcheck script review | audit | impact | export | delete`: after the conversation."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.commands.scripts.running import By, person
from agent.commands.scripts.writing import AsJson
from agent.desk.screenings import Desk
from agent.errors import SessionError
from agent.settings import load_settings

if TYPE_CHECKING:
    from evals.impact import Impact, Person

Candidate = Annotated[str, typer.Argument(metavar="ID", help="The session's id, or its beginning.")]


def review(
    grading: Annotated[
        bool, typer.Option(help="First grade what is not graded yet; needs the models.")
    ] = True,
    serve: Annotated[bool, typer.Option(help="Open the pages; otherwise only the list is printed.")] = True,
    as_json: AsJson = False,
) -> None:
    """List the candidates, grade what waits, and open the desk in the browser. What is past its time is deleted."""
    from agent.desk.grading import grade_missing
    from agent.desk.retention import delete_expired
    from agent.work import bar_on

    settings, console = load_settings(), Console(stderr=True, highlight=False)
    desk = Desk(settings)
    for gone in delete_expired(desk):
        console.print(f"{gone}: its retention period is over; deleted")
    if grading:
        with bar_on(console, "grading", "answers") as bar:
            asyncio.run(grade_missing(settings, desk, bar.show))
    _list(desk, as_json=as_json)
    if serve and not as_json:
        from agent.commands.serve import serve as open_room

        console.print(f"the desk: http://localhost:{settings.room_port}/desk")
        open_room(host="127.0.0.1", port=None, open_it=False, to_network=False, livekit=False, name=None)


def _list(desk: Desk, *, as_json: bool) -> None:
    found = desk.all()
    if as_json:
        rows = [
            {
                "id": s.id,
                "candidate": s.info.candidate,
                "script": s.info.version,
                "consent": s.consent is not None,
                "delete_after": s.delete_after.isoformat(),
            }
            for s in found
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    console = Console(highlight=False)
    table = Table("id", "candidate", "script", "consent", "deleted on", box=None)
    for s in found:
        consent = "yes" if s.consent else "not yet"
        table.add_row(s.id, Text(s.info.candidate), s.info.version, consent, f"{s.delete_after:%Y-%m-%d}")
    console.print(table if found else "no candidates: soundcheck script run SCRIPT --candidate REFERENCE")
    for damaged in desk.damaged():
        console.print(damaged.why, markup=False, soft_wrap=True)


def audit(
    expect: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="The last hash that you kept: proves what came before it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that nothing in the log was changed, nor a script, consent, answer, level or rating that it vouches for.

    Exit code 1 if something was, or should have been deleted and is still here.
    """
    from agent.desk.answers import words_of
    from agent.desk.audit import audit as check

    settings = load_settings()
    desk = Desk(settings)
    words = {screening.id: asyncio.run(words_of(settings, screening)) for screening in desk.all()}
    found = check(desk, expected_head=expect, words=words)
    if as_json:
        findings = [{"entry": f.entry, "session": f.session, "why": f.why} for f in found.findings]
        summary = {
            "entries": found.entries,
            "head": found.head,
            "deleted": found.deleted,
            "findings": findings,
        }
        typer.echo(json.dumps(summary, indent=2))
    else:
        for f in found.findings:
            where = f"entry {f.entry}" if f.entry else "beside the log"
            typer.echo(f"{where}: {f.session + ': ' if f.session else ''}{f.why}")
        typer.echo(f"{found.entries} entries, {found.deleted} deleted; last hash {found.head}")
    if found.findings:
        raise typer.Exit(1)


def impact(
    groups: Annotated[
        Path, typer.Argument(metavar="GROUPS.csv", exists=True, dir_okay=False, help="candidate,gender,...")
    ],
    script: Annotated[str, typer.Option(help="The version, as `soundcheck script review` lists it.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Selection and scoring rates by groups that you supply apart: inputs to an independent audit, not one."""
    from evals.impact import impact as measure
    from evals.impact import read_groups

    supplied = read_groups(groups)
    people = asyncio.run(_people(script, person(by)))
    found = measure(people, supplied, script)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show_impact(Console(highlight=False), found, person(by))


def export(
    candidate: Candidate,
    target: Annotated[Path | None, typer.Argument(help="The archive to write.", dir_okay=False)] = None,
    by: By = None,
) -> None:
    """Write everything held about one candidate into a ZIP archive. Whoever has it cannot rate blindly any more."""
    from agent.desk.retention import export_all

    desk = Desk(load_settings())
    screening = desk.get(candidate)
    typer.echo(export_all(desk, screening, target or Path(f"soundcheck-{screening.id}.zip"), by=person(by)))


def delete(
    candidate: Candidate,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    by: By = None,
) -> None:
    """Delete everything about one candidate; the log keeps that it was deleted."""
    from agent.desk.retention import delete_all

    desk = Desk(load_settings())
    screening = desk.get(candidate)
    if not yes:
        typer.confirm(f"delete {screening.id} ({screening.info.candidate}) for good?", abort=True)
    delete_all(desk, screening, by=person(by))
    typer.echo(f"deleted {screening.id}: the log keeps only that it was")


async def _people(version: str, by: str) -> "list[Person]":
    from agent.desk.answers import view_of
    from agent.desk.review import Review, ranked
    from evals.impact import Person

    settings = load_settings()
    desk = Desk(settings)
    known = sorted({s.info.version for s in desk.all()})
    if version not in known:
        raise SessionError(
            f"--script {version}: nobody was asked it: use one of {', '.join(known) or 'no version yet'}"
        )
    of = [s for s in desk.all() if s.info.version == version and s.consent is not None]
    reviews = [Review(desk, s, await view_of(settings, s), by=by) for s in of]
    levels = {review.screening.id: mean for review, mean in ranked(reviews)}
    return [
        Person(
            candidate=review.screening.info.candidate,
            selected=review.decision.verdict == "go-on",
            level=levels.get(review.screening.id),
        )
        for review in reviews
        if review.decision is not None
    ]


def _show_impact(console: Console, found: "Impact", by: str) -> None:
    from evals.wording import two

    console.print(
        f"{found.version}: {found.people} decided candidates in the file, {found.without_group} not in it"
    )
    if found.not_decided:
        lines = (
            "1 line of the file is"
            if found.not_decided == 1
            else f"{found.not_decided} lines of the file are"
        )
        console.print(f"{lines} of nobody who was decided on with this version")
    console.print(Text(f"Levels are those that {by} gave; --by NAME takes another person's."))
    console.print(found.caveat)
    table = Table(
        "group", "people", "selected", "rate", "ratio", "exact p", "above median", "ratio", "", box=None
    )
    for g in found.groups:
        table.add_row(
            Text(f"{g.kind}: {g.group}"),
            str(g.people),
            str(g.selected),
            two(g.rate),
            two(g.impact_ratio),
            "–" if g.exact_p is None else f"{g.exact_p:.3f}",
            f"{g.above} of {g.scored}",
            two(g.scoring_ratio),
            g.note,
        )
    console.print(table)
