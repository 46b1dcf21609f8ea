"""`soundcheck eval perturb`: which laws do the grades keep?"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.commands.evals.exits import BELOW_BAR
from agent.commands.evals.options import AsJson, Seed
from agent.settings import load_settings

if TYPE_CHECKING:
    from evals.datasets import Item
    from evals.perturbations.models import Family
    from evals.perturbing import Effort
    from evals.runlog import RunCard, RunLog
    from evals.verdicts import Findings
    from rubrics.grader import Grader

_QUICK_ANSWERS, _QUICK_PAIRS, _QUICK_LAWS = 3, 1, ("still", "floor", "injection")


def perturb(
    answers: Annotated[int, typer.Option(min=3, help="So many answers, weak, ok and strong ones.")] = 12,
    pairs: Annotated[int, typer.Option(min=1, help="Make each change to so many of them.")] = 3,
    laws: Annotated[
        str, typer.Option(help="Of still, no-rise, fall, floor, injection, retest, order; with commas.")
    ] = "all",
    quick: Annotated[
        bool, typer.Option("--quick", help="About five minutes: 3 answers, 1 pair; still, floor, injection.")
    ] = False,
    seed: Seed = 0,
    log: Annotated[
        Path | None, typer.Option(dir_okay=False, help="By default in the folder runs of the data folder.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the worst cases to this Markdown file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change answers in ways whose effect on the level is known beforehand, and grade both.

    Answers of the test split are changed by programs: words that say the same must not move the level, empty words
    must not raise it, a result taken away must lower its row, no answer must stay at the floor, words to the grader
    must not help. Takes about 25 minutes on two cores; the same command carries on where it was broken off.
    Exit code 3 where a law is broken.
    """
    import asyncio

    from evals.perturbation_report import as_dict, as_markdown
    from evals.perturbing import Effort
    from evals.verdicts import judge

    families = _families(laws)
    effort = Effort(answers, pairs, families, seed)
    if quick:
        chosen = tuple(family for family in families if family in _QUICK_LAWS)
        effort = Effort(_QUICK_ANSWERS, _QUICK_PAIRS, chosen, seed)
    found = asyncio.run(_perturb(effort, log))
    findings = judge(found, effort.families)
    if report is not None:
        report.write_text(as_markdown(findings, found.card), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(as_dict(findings, found.card), indent=2))
    else:
        _show(findings)
    raise typer.Exit(0 if findings.passed else BELOW_BAR)


def _families(laws: str) -> "tuple[Family, ...]":
    from evals.perturbations.models import FAMILIES

    if laws == "all":
        return FAMILIES
    named = [law.strip() for law in laws.split(",")]
    if unknown := [law for law in named if law not in FAMILIES]:
        raise typer.BadParameter(f"there is no law {unknown[0]!r}: use {', '.join(FAMILIES)}")
    return tuple(family for family in FAMILIES if family in named)


async def _perturb(effort: "Effort", log: Path | None) -> "RunLog":
    from agent.graders import make_grader
    from agent.language import open_language_model
    from agent.work import bar_on
    from evals.datasets import load_gold
    from evals.perturbations.plan import readings
    from evals.perturbing import Judges, RowByRow, changes, choose, grade_changed, grade_originals, log_name
    from evals.remembering import RememberingModel
    from rubrics.loader import load_rubrics

    settings, pool, rubrics = load_settings(), load_gold("test"), load_rubrics()
    originals = choose(pool, effort)
    async with open_language_model(settings) as language:
        usual = make_grader(settings, RememberingModel(language), rubrics)
        anew = make_grader(settings, language, rubrics)
        judges = Judges(usual=usual, again=anew, apart=RowByRow(anew))
        card = _card(originals, effort, settings.grader, anew)
        log = log or settings.data_dir / "runs" / log_name(card)
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"log: {log}", markup=False)
        with bar_on(console, "grading", "answers") as bar:
            first = await grade_originals(judges, originals, card, log, progress=bar.show)
        changed = changes(first, pool, effort)
        seconds = fmean([graded.seconds for graded in first.graded[: len(originals)]])
        left = [item for item in changed if item.id not in {graded.item.id for graded in first.graded}]
        read = readings(left)
        console.print(
            f"{len(left)} changed answers to grade, of which the model reads {read}: "
            f"about {math.ceil(read * seconds / 60)} minutes"
        )
        with bar_on(console, "grading", "answers, changed ones included") as bar:
            return await grade_changed(judges, first, changed, log, progress=bar.show)


def _card(originals: "Sequence[Item]", effort: "Effort", name: str, grader: "Grader") -> "RunCard":
    from evals.runlog import new_card
    from rubrics.loader import rubric_version

    used = sorted({item.rubric for item in originals})
    return new_card(
        originals,
        dataset=f"gold, test split, changed: {', '.join(effort.families)}; {effort.pairs} pairs a change",
        grader=name,
        model=grader.model,
        rubrics={id_: rubric_version(grader.rubrics[id_]) for id_ in used},
        prompts=grader.prompt_version,
        seed=effort.seed,
    )


def _show(findings: "Findings") -> None:
    from evals.perturbation_report import TITLES, VERDICTS, change_in_levels, interval

    table = Table("law", "change", "pairs", "kept", "95 %", "mean change in levels", box=None)
    for law in findings.laws:
        kept = (str(law.pairs), str(law.kept), f"{law.low:.2f} to {law.high:.2f}")
        table.add_row(TITLES[law.family], law.law, *kept, change_in_levels(law))
    console = Console()
    console.print(table)
    table = Table("law", "measure", "of", "value", "95 %", "bar", "", box=None)
    for v in findings.verdicts:
        measured = (v.measure, str(v.of), f"{v.value:.2f}", interval(v), v.bar)
        table.add_row(TITLES[v.family], *measured, VERDICTS[v.passed])
    console.print("", table)
