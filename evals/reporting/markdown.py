"""`report.md`: the figures of the page as tables, for a pull request or a mail."""

from collections.abc import Iterable, Sequence

from evals.reporting.html import flat_card
from evals.scores import Scores
from evals.wording import COLUMNS, MEANINGS, bar, brief, reached, shared_reason, two, with_interval


def render_markdown(scores: Scores) -> str:
    card = scores.card
    parts = [
        f"# {card.grader} with {card.model}, on {card.dataset}",
        f"**Rated: {scores.provenance}.** {scores.answers} of {card.answers} answers to {scores.questions} questions, "
        f"{scores.unscored} unscored. Intervals are of 95 %, resampled by question.",
        *_shared(scores),
        "## Beside its rivals",
        _rivals(scores),
        "; ".join(f"{word}: {meaning}" for word, meaning in MEANINGS.items()) + ".",
        "## Gates",
        _gates(scores),
        "## Rows",
        _rows(scores),
        *(["## Groups", _groups(scores)] if scores.groups else []),
        *(["## Forms and rows with the largest error", _cells(scores)] if scores.cells else []),
        *(["## Would more rated answers help?", _learning(scores)] if scores.learning else []),
        f"## The {len(scores.misses)} worst answers",
        _misses(scores),
        "## The run",
        _table(["field", "value"], [[name, f"`{value}`"] for name, value in flat_card(scores).items()]),
        f"{scores.quotes.verbatim} of {scores.quotes.quotes} quotes found word for word; "
        f"{scores.time.mean_s:.1f} s an answer.",
    ]
    return "\n\n".join(parts) + "\n"


def _shared(scores: Scores) -> list[str]:
    reason = shared_reason(scores.gates)
    return [f"No verdict: {reason}."] if reason else []


def _rivals(scores: Scores) -> str:
    entries = [
        ("**the grader**", scores.overall.figures, scores.mean_row_kappa, None),
        *((rival.name, rival.figures, rival.mean_row_kappa, rival.margin) for rival in scores.rivals),
    ]
    lines = [
        [
            name,
            with_interval(figures.get("kappa")),
            *(brief(figures.get(key)) for key in COLUMNS if key != "kappa"),
            brief(rows),
            with_interval(margin) if margin else "",
        ]
        for name, figures, rows, margin in entries
    ]
    width = len(COLUMNS) + 1
    lines.append(["raters with each other", with_interval(scores.overall.raters), *[""] * width])
    lines.append(["the grader with one rater", with_interval(scores.overall.with_raters), *[""] * width])
    return _table(["", *COLUMNS.values(), "rows: kappa", "the grader is ahead by"], lines)


def _gates(scores: Scores) -> str:
    shared = shared_reason(scores.gates)
    lines = [
        [gate.name, reached(gate), bar(gate), gate.verdict, "" if gate.why == shared else gate.why]
        for gate in scores.gates
    ]
    return _table(["gate", "reached", "bar", "verdict", ""], lines)


def _rows(scores: Scores) -> str:
    lines = [
        [
            row.row,
            str(row.answers),
            str(row.unscored),
            with_interval(row.figures.get("kappa")),
            *(brief(row.figures.get(key)) for key in (*COLUMNS, "coverage") if key != "kappa"),
            brief(row.raters),
            two(row.alpha),
        ]
        for row in (scores.overall, *scores.by_rubric, *scores.rows)
    ]
    return _table(["row", "answers", "unscored", *COLUMNS.values(), "covered", "raters", "alpha"], lines)


def _groups(scores: Scores) -> str:
    lines = [
        [group.name, str(group.answers), with_interval(group.shift), with_interval(group.error)]
        for group in scores.groups
    ]
    return _table(["group", "answers", "shift", "error"], lines)


def _cells(scores: Scores) -> str:
    lines = [
        [cell.form, cell.row, str(cell.answers), two(cell.error), f"{cell.shift:+.2f}"]
        for cell in scores.cells
    ]
    return _table(["form", "row", "answers", "error", "shift in levels"], lines)


def _learning(scores: Scores) -> str:
    lines = [
        [point.rubric, str(point.answers), with_interval(point.overall), with_interval(point.rows)]
        for point in scores.learning
    ]
    return _table(["rubric", "answers fitted to", "overall: kappa", "rows: mean kappa"], lines)


def _misses(scores: Scores) -> str:
    lines = [
        [
            miss.id,
            f"{miss.target:g}",
            f"{two(miss.level)} ({two(miss.low)} to {two(miss.high)})",
            miss.question,
        ]
        for miss in scores.misses
    ]
    return _table(["answer", "target", "level", "question"], lines)


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
