"""The bars that grading has to reach, each with what it reached."""

from collections.abc import Iterator, Sequence

from evals.scores import Figure, Gate, Rival, Scores, Sense

FEWEST_ANSWERS = 100
"""Below this a run gets no verdict."""
INTERVAL_COVERAGE = 0.90
"""What the intervals of levels promise."""
NAIVE = "naive"
"""`RunCard.grader` of a judge that is asked for a JSON score."""
MARGIN_OVER = ("length", NAIVE)
"""Rivals that have to be beaten by a tenth."""
_NO_LOG = "put its log beside this one"


def gates(scores: Scores, groups: Sequence[Gate] = ()) -> list[Gate]:
    """Every gate, with those of `groups`. One without a figure, and all of a small run, are without a verdict."""
    found = [*_agreement(scores), *_margins(scores.rivals), *_bias(scores), *groups, *_evidence(scores)]
    if scores.answers >= FEWEST_ANSWERS:
        return found
    few = f"{scores.answers} answers; it takes {FEWEST_ANSWERS}"
    return [gate.model_copy(update={"verdict": "no verdict", "why": few}) for gate in found]


def failed(found: Sequence[Gate]) -> bool:
    return any(gate.verdict == "failed" for gate in found)


def _gate(name: str, figure: float | None, sense: Sense, bar: float, why: str = "not defined") -> Gate:
    if figure is None:
        return Gate(name=name, figure=None, sense=sense, bar=bar, verdict="no verdict", why=why)
    kept = figure >= bar if sense == "at least" else figure <= bar
    return Gate(name=name, figure=figure, sense=sense, bar=bar, verdict="passed" if kept else "failed")


def _agreement(scores: Scores) -> Iterator[Gate]:
    of = scores.overall.figures
    yield _gate("overall: kappa", of["kappa"].value, "at least", 0.75)
    yield _gate("overall: kappa, lower bound", of["kappa"].low, "at least", 0.70)
    yield _gate("overall: Spearman, lower bound", of["spearman"].low, "at least", 0.70)
    yield _gate("overall: exact", of["exact"].value, "at least", 0.55)
    yield _gate("overall: at most one level off", of["adjacent"].value, "at least", 0.95)
    yield _gate("overall: order within questions, tau", of["order"].value, "at least", 0.90)
    yield _gate("rows: mean kappa", scores.mean_row_kappa.value, "at least", 0.60)
    behind = _less(scores.overall.raters, scores.overall.with_raters)
    yield _gate("overall: kappa below that of the raters", behind, "at most", 0.10, "one rater")


def _margins(rivals: Sequence[Rival]) -> Iterator[Gate]:
    margins = {rival.name: rival.margin.value for rival in rivals}
    for name in MARGIN_OVER:
        yield _gate(f"kappa above that of {name}", margins.get(name), "at least", 0.10, _NO_LOG)


def _bias(scores: Scores) -> Iterator[Gate]:
    of = scores.overall.figures
    shift = of["smd"].value
    yield _gate("standardised difference", None if shift is None else abs(shift), "at most", 0.15)
    yield _gate("length: r with levels above r with targets", of["length_gap"].value, "at most", 0.10)


def _evidence(scores: Scores) -> Iterator[Gate]:
    quotes = scores.quotes
    verbatim = quotes.verbatim / quotes.quotes if quotes.quotes else None
    yield _gate("quotes found verbatim", verbatim, "at least", 1.0, "no quotes")
    covered = scores.overall.figures["coverage"].value
    off = None if covered is None else abs(covered - INTERVAL_COVERAGE)
    yield _gate("overall: interval coverage, distance from 90 %", off, "at most", 0.05)
    again, why = scores.retest, "name runs of the same work with --again"
    yield _gate("retest: ICC(2,1)", again.icc.value if again else None, "at least", 0.90, why)
    yield _gate("retest: flips", again.flips.value if again else None, "at most", 0.05, why)
    alone = scores.time.mean_s if scores.card.parallel == 1 else None
    yield _gate("seconds an answer", alone, "at most", 15.0, "answers were graded side by side")


def _less(of: Figure, less: Figure) -> float | None:
    return None if of.value is None or less.value is None else of.value - less.value
