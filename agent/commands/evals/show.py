"""How scores look in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from evals.scores import Gate, Scores
from evals.wording import COLUMNS, bar, brief, reached, shared_reason, two, with_interval

_STYLES = {"passed": "green", "failed": "red", "no verdict": "yellow"}


def show_scores(console: Console, scores: Scores) -> None:
    card = scores.card
    console.print(
        f"{card.grader} with {card.model}: {scores.answers} of {card.answers} answers to {scores.questions} questions "
        f"of {card.dataset}, {scores.unscored} unscored\n"
        f"rated: {scores.provenance}; intervals are of 95 %, resampled by question",
        highlight=False,
    )
    console.print("\noverall, beside its rivals", _rivals(scores))
    console.print("\nby row", _rows(scores))
    console.print("\ngates", gates_table(scores.gates))
    time = scores.time
    console.print(
        f"\nseconds an answer: mean {time.mean_s:.1f}, median {time.median_s:.1f}, longest {time.longest_s:.1f}",
        highlight=False,
    )


def gates_table(gates: Sequence[Gate]) -> Table:
    """A reason that all share stands once, under the table."""
    shared = shared_reason(gates)
    table = Table("gate", "figure", "bar", "verdict", box=None, caption=shared, caption_justify="left")
    for gate in gates:
        why = f" ({gate.why})" if gate.why not in ("", shared) else ""
        table.add_row(gate.name, reached(gate), bar(gate), f"[{_STYLES[gate.verdict]}]{gate.verdict}[/]{why}")
    return table


def _rivals(scores: Scores) -> Table:
    table = Table("", *COLUMNS.values(), "rows: kappa", "the grader is ahead by", box=None)
    for name, figures, rows, margin in (
        ("the grader", scores.overall.figures, scores.mean_row_kappa, None),
        *((rival.name, rival.figures, rival.mean_row_kappa, rival.margin) for rival in scores.rivals),
    ):
        cells = [brief(figures.get(key)) for key in COLUMNS if key != "kappa"]
        ahead = with_interval(margin) if margin else ""
        table.add_row(name, with_interval(figures.get("kappa")), *cells, brief(rows), ahead)
    table.add_row("raters with each other", with_interval(scores.overall.raters))
    table.add_row("the grader with one rater", with_interval(scores.overall.with_raters))
    return table


def _rows(scores: Scores) -> Table:
    table = Table("row", "answers", "unscored", *COLUMNS.values(), "covered", "raters", "alpha", box=None)
    for row in (scores.overall, *scores.by_rubric, *scores.rows):
        cells = [brief(row.figures.get(key)) for key in (*COLUMNS, "coverage") if key != "kappa"]
        counts = (str(row.answers), str(row.unscored), with_interval(row.figures.get("kappa")))
        table.add_row(row.row, *counts, *cells, brief(row.raters), two(row.alpha))
    return table
