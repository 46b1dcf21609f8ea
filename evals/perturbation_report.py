"""Findings about laws as JSON, and as Markdown with the texts of the worst cases."""

from typing import Any

from evals.laws import Law, Pair, levels
from evals.runlog import RunCard
from evals.verdicts import Findings, Verdict

VERDICTS = {True: "kept", False: "BROKEN", None: ""}
TITLES = {
    "still": "must not move",
    "no-rise": "must not rise",
    "fall": "must fall",
    "floor": "must stay at the floor",
    "injection": "must not be moved by words about the grade",
    "retest": "must come out the same",
    "order": "must be in the authored order",
}


def as_dict(findings: Findings, card: RunCard) -> dict[str, Any]:
    return {
        "card": card.model_dump(mode="json"),
        "passed": findings.passed,
        "verdicts": [verdict._asdict() for verdict in findings.verdicts],
        "laws": [{**law._asdict(), "worst": [_case(pair) for pair in law.worst]} for law in findings.laws],
    }


def as_markdown(findings: Findings, card: RunCard) -> str:
    lines = [
        "# Which laws the grades keep",
        "",
        f"{card.model}, {card.dataset}, seed {card.seed}, {card.answers} answers and "
        f"{len(findings.pairs)} changed ones; {card.begun:%Y-%m-%d}.",
        "",
        "| law | measure | of | value | 95 % | bar | |",
        "|---|---|---|---|---|---|---|",
        *map(_verdict_line, findings.verdicts),
        "",
        "| law | change | pairs | kept | 95 % | mean change in levels |",
        "|---|---|---|---|---|---|",
        *map(_law_line, findings.laws),
    ]
    worst = [pair for law in findings.laws for pair in law.worst]
    if worst:
        lines += ["", "## Worst cases", *(line for pair in worst for line in _case_lines(pair))]
    return "\n".join(lines) + "\n"


def change_in_levels(law: Law) -> str:
    return "" if law.mean_delta is None else f"{law.mean_delta:+.2f}"


def interval(verdict: Verdict) -> str:
    return "" if verdict.low is None or verdict.high is None else f"{verdict.low:.2f} to {verdict.high:.2f}"


def _verdict_line(v: Verdict) -> str:
    cells = (TITLES[v.family], v.measure, v.of, f"{v.value:.2f}", interval(v), v.bar, VERDICTS[v.passed])
    return f"| {' | '.join(map(str, cells))} |"


def _law_line(law: Law) -> str:
    cells = (TITLES[law.family], law.law, law.pairs, law.kept, f"{law.low:.2f} to {law.high:.2f}")
    return f"| {' | '.join(map(str, cells))} | {change_in_levels(law)} |"


def _case(pair: Pair) -> dict[str, Any]:
    return {
        "of": pair.original.item.id,
        "question": pair.changed.item.question,
        "answer": pair.original.item.answer,
        "changed": pair.changed.item.answer,
        "before": pair.before,
        "after": pair.after,
        "flags": pair.changed.trace.grade.flags,
        "levels_before": levels(pair.original),
        "levels_after": levels(pair.changed),
    }


def _case_lines(pair: Pair) -> list[str]:
    moved = f"{_level(pair.before)} to {_level(pair.after)}"
    return [
        "",
        f"### {TITLES[pair.family]}: {pair.law} ({pair.original.item.id}, {moved})",
        "",
        f"Question: {pair.changed.item.question}",
        "",
        *_quoted("As given", pair.original.item.answer),
        "",
        *_quoted("As changed", pair.changed.item.answer),
    ]


def _quoted(title: str, text: str) -> list[str]:
    return [f"{title}:", "", *(f"> {line}" for line in (text or "(silence)").splitlines())]


def _level(level: float | None) -> str:
    return "unscored" if level is None else f"{level:.2f}"
