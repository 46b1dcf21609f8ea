"""How scores and comparisons look in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from evals.scores import Figure, Gate, Scores

COLUMNS = {
    "kappa": "kappa",
    "exact": "exact",
    "adjacent": "±1",
    "spearman": "Spearman",
    "mae": "error",
    "smd": "shift",
    "order": "order",
}
_STYLES = {"passed": "green", "failed": "red", "no verdict": "yellow"}


def show_scores(console: Console, scores: "Scores") -> None:
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


def gates_table(gates: "Sequence[Gate]") -> Table:
    """A reason that all share stands once, under the table."""
    shared = {gate.why for gate in gates} if len({gate.why for gate in gates}) == 1 else {""}
    table = Table(
        "gate", "figure", "bar", "verdict", box=None, caption="".join(shared), caption_justify="left"
    )
    for gate in gates:
        reached = "–" if gate.figure is None else f"{gate.figure:.3f}"
        bar = f"{'≥' if gate.sense == 'at least' else '≤'} {gate.bar:g}"
        why = f" ({gate.why})" if gate.why not in ("", *shared) else ""
        table.add_row(gate.name, reached, bar, f"[{_STYLES[gate.verdict]}]{gate.verdict}[/]{why}")
    return table


def with_interval(figure: "Figure") -> str:
    if figure.value is None:
        return "–"
    known = figure.low is not None and figure.high is not None
    return two(figure.value) + (f" ({two(figure.low)} to {two(figure.high)})" if known else "")


def brief(figure: "Figure | None") -> str:
    return two(figure.value if figure else None)


def two(value: float | None) -> str:
    """Two decimals, and never minus nought."""
    return "–" if value is None else f"{round(value, 2) + 0:.2f}"


def _rivals(scores: "Scores") -> Table:
    table = Table("", *COLUMNS.values(), "rows: kappa", "the grader is ahead by", box=None)
    for name, figures, rows, margin in (
        ("the grader", scores.overall.figures, scores.mean_row_kappa, None),
        *((rival.name, rival.figures, rival.mean_row_kappa, rival.margin) for rival in scores.rivals),
    ):
        cells = [
            with_interval(figures[key]) if key == "kappa" else brief(figures.get(key)) for key in COLUMNS
        ]
        table.add_row(name, *cells, brief(rows), "" if margin is None else with_interval(margin))
    table.add_row("raters with each other", with_interval(scores.overall.raters))
    table.add_row("the grader with one rater", with_interval(scores.overall.with_raters))
    return table


def _rows(scores: "Scores") -> Table:
    table = Table("row", "answers", "unscored", *COLUMNS.values(), "covered", "raters", "alpha", box=None)
    for row in (scores.overall, *scores.by_rubric, *scores.rows):
        cells = [
            with_interval(row.figures[key])
            if key == "kappa" and key in row.figures
            else brief(row.figures.get(key))
            for key in (*COLUMNS, "coverage")
        ]
        table.add_row(row.row, str(row.answers), str(row.unscored), *cells, brief(row.raters), two(row.alpha))
    return table
