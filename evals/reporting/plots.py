"""Plots as SVG that stand in the page: their colours are the page's variables, so that they follow light and dark."""

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from types import MappingProxyType

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.typing import RcKeyType

from evals.scores import Band, Figure, Group, LearningPoint, Reliability, RowScore, Scores
from evals.wording import brief, two

INK, SOFT, LINE, ACCENT, OTHER = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {INK: "--ink", SOFT: "--soft", LINE: "--line", ACCENT: "--accent", OTHER: "--caution"}
_WIDTH_IN, _ROW_IN = 5.2, 0.3
_STYLE: dict[RcKeyType, object] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def rivals(scores: Scores) -> str:
    """Kappa of everybody, with intervals: raters, the grader, and what it has to beat."""
    entries = [
        ("raters with each other", scores.overall.raters),
        ("the grader", scores.overall.figures["kappa"]),
        *((rival.name, rival.figures["kappa"]) for rival in scores.rivals if rival.figures),
    ]

    def draw(axes: Axes) -> None:
        _intervals(axes, entries, marked={0: OTHER, 1: ACCENT})
        axes.set_xlabel("kappa of overall, 95 % interval")

    return _svg("rivals", len(entries) * _ROW_IN + 0.6, draw)


def rows(rows: Sequence[RowScore]) -> str:
    """Kappa by row; a tick stands where the raters agree with each other."""

    def draw(axes: Axes) -> None:
        _intervals(axes, [(row.row, row.figures["kappa"]) for row in rows], marked={0: ACCENT})
        for y, row in enumerate(rows):
            if row.raters.value is not None:
                axes.plot([row.raters.value] * 2, [y - 0.28, y + 0.28], color=OTHER, linewidth=2)
        axes.set_xlabel("kappa, 95 % interval; ticks: raters with each other")

    return _svg("rows", len(rows) * _ROW_IN + 0.6, draw)


def confusion(table: Sequence[Sequence[int]]) -> str:
    most = max(max(row) for row in table) or 1

    def draw(axes: Axes) -> None:
        for target, row in enumerate(table, start=1):
            for level, count in enumerate(row, start=1):
                shade, below = 0.06 + 0.5 * count / most, target - 0.47
                axes.bar(level, 0.94, bottom=below, width=0.94, color=ACCENT, alpha=shade, linewidth=0)
                axes.text(level, target, str(count or ""), ha="center", va="center", fontsize=10)
        axes.set(xticks=range(1, 6), yticks=range(1, 6), xlabel="level given", ylabel="target")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return _svg("confusion", 3.4, draw)


def bands(found: Sequence[Band]) -> str:
    """Mean level by target: on the line there is no bias, above it levels are too generous."""

    def draw(axes: Axes) -> None:
        axes.plot([1, 5], [1, 5], color=LINE, linewidth=1.5)
        for band in found:
            middle = band.mean_level
            if middle.low is not None and middle.high is not None:
                axes.plot([band.level] * 2, [middle.low, middle.high], color=ACCENT, alpha=0.4, linewidth=5)
            axes.plot(band.level, middle.value or 0.0, "o", color=ACCENT, markersize=7)
            axes.annotate(
                two(band.error.value),
                (band.level, middle.value or 0.0),
                xytext=(9, -3),
                textcoords="offset points",
                color=SOFT,
            )
        axes.set(xlim=(0.6, 5.6), ylim=(0.6, 5.6), xticks=range(1, 6), yticks=range(1, 6))
        axes.set(xlabel="target", ylabel="mean level, 95 % interval")

    return _svg("bands", 3.4, draw)


def reliability(curves: Sequence[Reliability]) -> str:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=LINE, linewidth=1.5)
        for curve, color in zip(curves, (OTHER, ACCENT), strict=False):
            axes.plot(
                [each.probability for each in curve.bins],
                [each.met for each in curve.bins],
                "o-",
                color=color,
                label=f"{curve.name}: ECE {brief(curve.ece)}, Brier {brief(curve.brier)}",
            )
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="probability", ylabel="share of checks met")
        axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), fontsize=8.5)

    return _svg("reliability", 3.4, draw)


def coverage(rows: Sequence[RowScore], promised: float) -> str:
    def draw(axes: Axes) -> None:
        _intervals(axes, [(row.row, row.figures["coverage"]) for row in rows], marked={0: ACCENT})
        axes.axvline(promised, color=OTHER, linewidth=1.5, linestyle=(0, (3, 2)))
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(f"share of targets inside the interval; promised: {promised:.0%}")

    return _svg("coverage", len(rows) * _ROW_IN + 0.6, draw)


def groups(found: Sequence[Group]) -> str:
    """Mean level less mean target, in standard deviations of all targets."""

    def draw(axes: Axes) -> None:
        _intervals(axes, [(f"{group.name} ({group.answers})", group.shift) for group in found], others=ACCENT)
        axes.set_xlabel("shift in standard deviations, 95 % interval")

    return _svg("groups", len(found) * _ROW_IN + 0.6, draw)


def learning(found: Sequence[LearningPoint]) -> str:
    """Kappa by the number of answers that the levels were fitted to: whole lines overall, broken ones the rows."""

    def draw(axes: Axes) -> None:
        for rubric, color in zip(
            dict.fromkeys(point.rubric for point in found), (ACCENT, OTHER), strict=False
        ):
            points = [point for point in found if point.rubric == rubric]
            answers = [point.answers for point in points]
            for name, style in (("overall", "o-"), ("rows", "s--")):
                kappas = [getattr(point, name).value for point in points]
                axes.plot(answers, kappas, style, color=color, label=f"{rubric}: {name}")
        axes.set(ylim=(0, 1), xlabel="answers the levels were fitted to", ylabel="kappa, questions left out")
        axes.grid(axis="y")
        axes.legend(loc="lower right", fontsize=8.5)

    return _svg("learning", 3.4, draw)


def _intervals(
    axes: Axes,
    entries: Sequence[tuple[str, Figure]],
    *,
    marked: Mapping[int, str] = MappingProxyType({}),
    others: str = SOFT,
) -> None:
    """A line for each entry from the top; those `marked` have colours of their own."""
    for y, (_, figure) in enumerate(entries):
        if figure.value is None:
            continue
        color = marked.get(y, others)
        if figure.low is not None and figure.high is not None:
            axes.plot([figure.low, figure.high], [y, y], color=color, alpha=0.4, linewidth=5)
        axes.plot(figure.value, y, "o", color=color, markersize=6)
    axes.set_yticks(range(len(entries)), [name for name, _ in entries])
    axes.set_ylim(len(entries) - 0.5, -0.5)
    axes.axvline(0, color=LINE, linewidth=0.8)
    axes.grid(axis="x")
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)


def _svg(name: str, height_in: float, draw: Callable[[Axes], None]) -> str:
    with rc_context({**_STYLE, "svg.hashsalt": name}):
        canvas = Canvas(figsize=(_WIDTH_IN, height_in), layout="constrained")
        canvas.patch.set_visible(False)
        axes = canvas.subplots()
        axes.patch.set_visible(False)
        draw(axes)
        out = StringIO()
        FigureCanvasSVG(canvas).print_svg(out, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    for color, variable in _VARIABLES.items():
        svg = svg.replace(color, f"var({variable})")
    return svg
