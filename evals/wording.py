"""How figures are written, wherever they are shown."""

from collections.abc import Sequence

from evals.scores import Figure, Gate

COLUMNS = {
    "kappa": "kappa",
    "exact": "exact",
    "adjacent": "±1",
    "spearman": "Spearman",
    "pearson": "Pearson",
    "mae": "error",
    "smd": "shift",
    "order": "order",
}
"""Measures of agreement with the targets, with the heads of their columns."""
MEANINGS = {
    "kappa": "quadratic weighted kappa of whole levels",
    "exact": "share of answers whose whole level is the target's",
    "±1": "share at most one whole level off",
    "error": "mean distance from the target, in levels",
    "shift": "mean level less mean target, in standard deviations; above 0 is too generous",
    "order": "Kendall's tau among answers to one question",
    "covered": "share of targets inside the interval given with the level",
    "raters": "mean kappa of the raters with each other",
    "alpha": "Krippendorff's alpha of the raters, ordinal",
}


def two(value: float | None) -> str:
    """Two decimals, and never minus nought."""
    return "–" if value is None else f"{round(value, 2) + 0:.2f}"


def brief(figure: Figure | None) -> str:
    return two(figure.value if figure else None)


def with_interval(figure: Figure | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return brief(figure)
    return f"{two(figure.value)} ({two(figure.low)} to {two(figure.high)})"


def bar(gate: Gate) -> str:
    return f"{'≥' if gate.sense == 'at least' else '≤'} {gate.bar:g}"


def reached(gate: Gate) -> str:
    return "–" if gate.figure is None else f"{round(gate.figure, 4) + 0:g}"


def shared_reason(gates: Sequence[Gate]) -> str:
    """Why no gate of a small run has a verdict; empty where the reasons differ."""
    reasons = {gate.why for gate in gates}
    return reasons.pop() if len(reasons) == 1 else ""
