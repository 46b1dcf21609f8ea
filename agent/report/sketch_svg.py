"""Draws a sketch as SVG, for the report and for the session's folder.

Everything a candidate wrote is escaped. In a page, the page's own style applies (`sketch-...` classes); a file of its
own brings its style along.
"""

import textwrap
from collections.abc import Iterator

from markupsafe import Markup

from graphs.board import Arrow, Box, BoxKind, Sketch, sketch_in_words

WIDE, HIGH = 168.0, 68.0
"""Of a box."""
_MARGIN = 28.0
_LINE = 15.0
_LETTERS = 18
_STYLE = (
    "svg{background:#fff;font:14px system-ui,sans-serif}"
    ".sketch-shape{fill:#f3f7f6;stroke:#0b665c;stroke-width:1.6}"
    ".sketch-detail{fill:none;stroke:#0b665c;stroke-width:1.2}"
    ".sketch-label{fill:#1b2225;text-anchor:middle}"
    ".sketch-kind{fill:#535f64;font-size:11px;text-anchor:middle}"
    ".sketch-arrow{fill:none;stroke:#535f64;stroke-width:1.6}"
    ".sketch-head{fill:#535f64}"
    ".sketch-note{fill:#1b2225;font-size:12px;text-anchor:middle;stroke:#fff;stroke-width:4px;paint-order:stroke}"
)


def sketch_svg(sketch: Sketch, *, name: str = "sketch", alone: bool = False) -> Markup:
    """`name` keeps the ids of several sketches in one page apart; `alone` makes a file of its own."""
    left, top, width, height = _frame(sketch)
    style = Markup("<style>{}</style>").format(Markup(_STYLE)) if alone else ""
    namespace = Markup(' xmlns="http://www.w3.org/2000/svg"') if alone else ""
    head = Markup(
        '<defs><marker id="{0}-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path class="sketch-head" d="M0 0 10 5 0 10z"/></marker></defs>'
    ).format(name)
    parts = [*_arrows(sketch, name), *map(_box, sketch.boxes)]
    return Markup(
        '<svg{0} class="sketch" role="img" aria-label="{1}" viewBox="{2:.0f} {3:.0f} {4:.0f} {5:.0f}" '
        'width="{4:.0f}" height="{5:.0f}">{6}{7}{8}</svg>'
    ).format(
        namespace,
        sketch_in_words(sketch),
        left,
        top,
        width,
        height,
        style,
        head,
        Markup("").join(parts),
    )


def _frame(sketch: Sketch) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is drawn."""
    if not sketch.boxes:
        return 0.0, 0.0, 2 * WIDE, HIGH
    xs, ys = [box.x for box in sketch.boxes], [box.y for box in sketch.boxes]
    left, top = min(xs) - WIDE / 2 - _MARGIN, min(ys) - HIGH / 2 - _MARGIN
    return left, top, max(xs) + WIDE / 2 + _MARGIN - left, max(ys) + HIGH / 2 + _MARGIN - top


def _box(box: Box) -> Markup:
    lines = textwrap.wrap(box.label, _LETTERS)[:3] or ["?"]
    first = box.y - 3 - (len(lines) - 1) * _LINE / 2
    label = Markup("").join(
        Markup('<text class="sketch-label" x="{:.0f}" y="{:.0f}">{}</text>').format(
            box.x, first + i * _LINE, line
        )
        for i, line in enumerate(lines)
    )
    kind = Markup('<text class="sketch-kind" x="{:.0f}" y="{:.0f}">{}</text>').format(
        box.x, box.y + HIGH / 2 - 7, box.kind
    )
    return _shape(box.kind, box.x - WIDE / 2, box.y - HIGH / 2) + label + kind


def _shape(kind: BoxKind, x: float, y: float) -> Markup:
    """The outline of a box whose upper left corner is given."""
    right, bottom = x + WIDE, y + HIGH
    if kind == "store":
        body = f"M{x:.0f} {y + 8:.0f}v{HIGH - 16:.0f}a{WIDE / 2:.0f} 8 0 0 0 {WIDE:.0f} 0v-{HIGH - 16:.0f}"
        lid = f"a{WIDE / 2:.0f} 8 0 0 0 -{WIDE:.0f} 0"
        rim = f"M{x:.0f} {y + 8:.0f}a{WIDE / 2:.0f} 8 0 0 0 {WIDE:.0f} 0"
        return Markup('<path class="sketch-shape" d="{}{}z"/><path class="sketch-detail" d="{}"/>').format(
            body, lid, rim
        )
    if kind == "model":
        points = f"{x + 14:.0f},{y:.0f} {right - 14:.0f},{y:.0f} {right:.0f},{y + HIGH / 2:.0f} "
        points += f"{right - 14:.0f},{bottom:.0f} {x + 14:.0f},{bottom:.0f} {x:.0f},{y + HIGH / 2:.0f}"
        return Markup('<polygon class="sketch-shape" points="{}"/>').format(points)
    radius = {"service": 6, "client": 30, "queue": 2}[kind]
    outline = Markup(
        '<rect class="sketch-shape" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" rx="{}"/>'
    ).format(x, y, WIDE, HIGH, radius)
    if kind != "queue":
        return outline
    bars = f"M{x + 9:.0f} {y:.0f}V{bottom:.0f}M{right - 9:.0f} {y:.0f}V{bottom:.0f}"
    return outline + Markup('<path class="sketch-detail" d="{}"/>').format(bars)


def _arrows(sketch: Sketch, name: str) -> Iterator[Markup]:
    boxes = {box.id: box for box in sketch.boxes}
    pairs = {(arrow.source, arrow.target) for arrow in sketch.arrows}
    for arrow in sketch.arrows:
        source, target = boxes[arrow.source], boxes[arrow.target]
        if source is target:
            continue
        aside = 12.0 if (arrow.target, arrow.source) in pairs else 0.0
        yield _arrow(arrow, source, target, aside, name)


def _arrow(arrow: Arrow, source: Box, target: Box, aside: float, name: str) -> Markup:
    """From border to border; one of two opposite arrows is moved `aside`."""
    dx, dy = target.x - source.x, target.y - source.y
    length = max(1.0, (dx * dx + dy * dy) ** 0.5)
    off_x, off_y = -dy / length * aside, dx / length * aside
    share = min(0.5, *(_reach(abs(d), half) for d, half in ((dx, WIDE / 2 + 2), (dy, HIGH / 2 + 2))))
    x1, y1 = source.x + dx * share + off_x, source.y + dy * share + off_y
    x2, y2 = target.x - dx * share + off_x, target.y - dy * share + off_y
    line = Markup(
        '<path class="sketch-arrow" marker-end="url(#{}-head)" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>'
    ).format(name, x1, y1, x2, y2)
    if not arrow.label:
        return line
    note = Markup('<text class="sketch-note" x="{:.1f}" y="{:.1f}">{}</text>')
    return line + note.format((x1 + x2) / 2, (y1 + y2) / 2 - 5, arrow.label)


def _reach(distance: float, half: float) -> float:
    """The share of a line after which it has left a box that reaches so far from its middle."""
    return half / distance if distance > half else 1.0
