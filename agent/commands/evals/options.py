"""Arguments that several evals share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Log = Annotated[
    Path, typer.Argument(metavar="LOG", exists=True, dir_okay=False, help="Written by soundcheck eval run.")
]
Beside = Annotated[
    list[Path] | None,
    typer.Option(
        "--beside", metavar="LOG", exists=True, dir_okay=False, help="A rival's log; may be given again."
    ),
]
Again = Annotated[
    list[Path] | None,
    typer.Option(
        "--again", metavar="LOG", exists=True, dir_okay=False, help="The same work done again: a retest."
    ),
]
Fitted = Annotated[
    Path | None,
    typer.Option(
        metavar="LOG",
        exists=True,
        dir_okay=False,
        help="A log of the calibration answers: adds how agreement grows with their number.",
    ),
]
Seed = Annotated[int, typer.Option(help="For drawing answers and resampling.")]
Anew = Annotated[
    bool, typer.Option("--anew", help="Take the levels from the calibration shipped now, not from the log.")
]
