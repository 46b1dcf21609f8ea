"""`soundcheck script new | lint | show | diff`: before anybody is asked anything. Needs no model."""

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from knowledge.screening.loader import LoadedScript

ScriptName = Annotated[str, typer.Argument(metavar="SCRIPT", help="A shipped script's name, or a file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

NOTHING_FOUND = (
    "nothing found; lint cannot see every unlawful or leading question, so have somebody else read it too"
)


def new(
    target: Annotated[Path, typer.Argument(metavar="FILE.yaml", dir_okay=False, help="The script to write.")],
    source: Annotated[
        str, typer.Option("--from", metavar="SCRIPT", help="The script to begin with.")
    ] = "ml-engineer-screen",
) -> None:
    """Begin a script with a copy of a shipped one. Its facts and the schema for editors are put beside it."""
    from knowledge.screening.loader import load_script

    if target.suffix not in (".yaml", ".yml") or target.exists():
        why = "exists already" if target.exists() else "does not end in .yaml"
        raise typer.BadParameter(f"{target} {why}", param_hint="FILE.yaml")
    try:
        beside = _copy(load_script(source), target)
    except OSError as error:
        raise typer.BadParameter(
            f"{error.filename} cannot be written: {error.strerror}", param_hint="FILE.yaml"
        ) from error
    typer.echo(f"{target}: edit it and {beside}, then: soundcheck script lint {target}")


def lint(
    scripts: Annotated[
        list[str] | None, typer.Argument(metavar="[SCRIPT]...", help="Left out, the shipped scripts.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a script: the line, why, and better words. Exit code 1 if anything is."""
    from agent.validation import rubric_rows
    from knowledge.screening.lint import lint as check
    from knowledge.screening.loader import shipped_scripts

    rows = rubric_rows()
    found = [finding for script in scripts or shipped_scripts() for finding in check(script, rows)]
    if as_json:
        fields = ("field", "line", "message", "fix")
        lines = [
            {
                "kind": f.kind,
                "file": str(f.problem.file),
                **{n: getattr(f.problem, n) for n in fields},
                "better": f.better,
            }
            for f in found
        ]
        typer.echo(json.dumps(lines, indent=2, ensure_ascii=False))
    else:
        console = Console()
        for finding in found:
            console.print(f"[{finding.kind}] {finding}", markup=False, highlight=False, soft_wrap=True)
        verdict = f"{len(found)} finding{'s' if len(found) > 1 else ''}" if found else NOTHING_FOUND
        Console(stderr=True).print(verdict, highlight=False)
    if found:
        raise typer.Exit(1)


def show(script: ScriptName, as_json: AsJson = False) -> None:
    """Print a script as it is conducted: every text in its order, with times and rubric rows."""
    from knowledge.screening.loader import load_script

    loaded = load_script(script)
    if as_json:
        content = {
            "version": loaded.version,
            **loaded.script.model_dump(mode="json", exclude={"version"}),
            "facts": [fact.model_dump(mode="json") for fact in loaded.facts],
        }
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    _show(loaded, Console(highlight=False))


def diff(before: ScriptName, after: ScriptName, as_json: AsJson = False) -> None:
    """Say what differs between two scripts, and what that means for comparing candidates. Exit code 1 if it differs."""
    from knowledge.screening.changes import EFFECTS, changes
    from knowledge.screening.loader import load_script

    one, other = load_script(before), load_script(after)
    found = changes(one, other)
    if as_json:
        rows = [{"field": c.field, "before": c.before, "after": c.after, "effect": c.effect} for c in found]
        typer.echo(json.dumps({"before": one.version, "after": other.version, "changes": rows}, indent=2))
    else:
        console = Console(highlight=False)
        console.print(f"{one.version} -> {other.version}", markup=False)
        for effect, meaning in EFFECTS.items():
            if those := [c for c in found if c.effect == effect]:
                console.print(f"\n{effect}: {meaning}", style="bold")
            for change in those:
                console.print(f"  {change.field}", markup=False)
                console.print(
                    Text(f"    - {change.before}", style="red"),
                    Text(f"    + {change.after}", style="green"),
                    sep="\n",
                )
        if not found:
            console.print("the two are the same")
    if found:
        raise typer.Exit(1)


def _show(loaded: "LoadedScript", console: Console) -> None:
    script = loaded.script
    console.print(Text(f"{script.title}  {loaded.version}", style="bold"))
    console.print(Text(f"{script.role}, {script.company}; {script.minutes:g} minutes; {script.purpose}\n"))
    table = Table("", "said or asked", "min", "measures", box=None, padding=(0, 2, 1, 0))
    table.add_row("disclosure", Text(script.consent.disclosure))
    table.add_row("consent", Text(script.consent.ask))
    table.add_row("  refused", Text(script.consent.refused, style="dim"))
    table.add_row("offer", Text(script.accommodations.offer))
    for knockout in script.knockouts:
        table.add_row(f"{knockout.id} knock-out", Text(knockout.text), "", "recorded, never scored")
    for question in script.questions:
        rows = ", ".join(script.competency(question).rows)
        table.add_row(question.id, Text(question.text), f"{question.minutes:g}", rows)
        for probe in question.probes:
            table.add_row("  probe", Text(probe, style="dim"))
    table.add_row(
        "your turn", Text(script.candidate_questions.invite), f"{script.candidate_questions.minutes:g}"
    )
    table.add_row(
        "  unknown", Text(script.candidate_questions.unknown, style="dim"), "", f"{len(loaded.facts)} facts"
    )
    table.add_row("closing", Text(script.closing))
    console.print(table)
    rule = script.insufficient_evidence
    console.print(Text(f"not scored: {' '.join(script.not_scored)}"))
    console.print(Text(f"with fewer than {rule.answered_at_least} answers: {rule.then}"))
    console.print(Text(f"decided by: {script.decision.by}; kept for {script.retention_days} days"))


def _slug(name: str) -> str:
    plain = "".join(c if c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in plain.split("-") if part) or "script"


def _copy(original: "LoadedScript", target: Path) -> Path:
    """The script as `target`, under its name; the file with its facts is returned, and one that exists is kept."""
    from knowledge.screening.loader import SCHEMA

    facts = Path(original.script.candidate_questions.facts)
    beside = target.parent / "facts" / f"{target.stem}.yaml"
    beside.parent.mkdir(parents=True, exist_ok=True)
    if not beside.exists():
        shutil.copy(original.path.parent / facts, beside)
    shutil.copy(SCHEMA, target.parent / SCHEMA.name)
    text = original.path.read_text(encoding="utf-8")
    text = re.sub(
        rf"(?m)^id: *[\"']?{original.script.id}[\"']? *$", f"id: {_slug(target.stem)}", text, count=1
    )
    text = re.sub(
        rf"facts: *[\"']?{re.escape(str(facts))}[\"']? *$",
        f"facts: facts/{beside.name}",
        text,
        count=1,
        flags=re.M,
    )
    target.write_text(f"# yaml-language-server: $schema={SCHEMA.name}\n{text}", encoding="utf-8")
    return beside
