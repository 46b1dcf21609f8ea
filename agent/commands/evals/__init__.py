"""`soundcheck eval`: one module a subcommand."""

import typer

from agent.commands.evals import (
    calibrate,
    compare,
    fairness,
    importing,
    interviewer,
    perturb,
    priors,
    quotes,
    rate,
    report,
    retrieval,
    run,
    saf,
    score,
)

app = typer.Typer(no_args_is_help=True, help="Measure whether search and grading deserve trust.")
app.command()(run.run)
app.command()(score.score)
app.command()(report.report)
app.command()(compare.compare)
app.command()(calibrate.calibrate)
app.command()(fairness.fairness)
app.command()(retrieval.retrieval)
app.command()(interviewer.interviewer)
app.command()(quotes.quotes)
app.command()(priors.priors)
app.command("import")(importing.import_)
app.command()(rate.rate)
app.command()(perturb.perturb)
app.command()(saf.saf)
