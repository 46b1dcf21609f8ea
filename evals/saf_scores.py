"""How well grades of short answers follow people's scores, beside graders that do not read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from evals.bootstrap import Array, Resampling, interval
from evals.datasets import OVERALL, Item
from evals.metrics import correlation, mean
from evals.points import asked_for, points_of
from evals.runlog import Graded
from evals.saf import Corpus
from rubrics.sentences import sentences

GRADER = "checks of the reference"
KEYWORDS = "keyword overlap (TF-IDF)"
Range = tuple[float | None, float | None, float | None]
"""Value, low and high of a 95 % interval, clustered by question."""
Embed = Callable[[Sequence[str]], np.ndarray[Any, np.dtype[np.float32]]]
"""Unit vectors of texts."""


class Figures(NamedTuple):
    grader: str
    pearson: Range
    rmse: Range
    above_keywords: Range
    """Pearson less that of keyword overlap, on the same draws."""


class Scores(NamedTuple):
    answers: int
    questions: int
    unscored: int
    seconds_per_answer: float
    figures: list[Figures]


def score(graded: Sequence[Graded], corpus: Corpus, embed: Embed, *, seed: int = 0) -> Scores:
    """`graded` must hold scored answers. The rivals learn their scale from training answers to other questions."""
    found = {each.item.id: each.trace.grade.overall for each in graded}
    items = [each.item for each in graded if found[each.item.id] is not None]
    ours = np.array([grade.level for item in items if (grade := found[item.id]) is not None])
    other = {item.cluster for item in items}
    learnt = [item for item in corpus.training if item.cluster not in other] or corpus.training
    levels = {GRADER: ours, **rivals(items, learnt, corpus, embed)}
    target = targets(items)
    weights = Resampling([item.cluster for item in items], seed=seed).weights([i.cluster for i in items])
    keywords = correlation(levels[KEYWORDS], target, weights)
    return Scores(
        answers=len(items),
        questions=len(other),
        unscored=len(graded) - len(items),
        seconds_per_answer=round(sum(each.seconds for each in graded) / len(graded), 1),
        figures=[
            Figures(
                name,
                interval(correlation(level, target, weights)),
                interval(np.sqrt(mean((level - target) ** 2, weights))),
                interval(correlation(level, target, weights) - keywords),
            )
            for name, level in levels.items()
        ],
    )


def rivals(items: Sequence[Item], learnt: Sequence[Item], corpus: Corpus, embed: Embed) -> dict[str, Array]:
    """Scores by surface alone, each moved to the scale of the scores by a line fitted to `learnt`."""
    usual = np.unique_counts(targets(learnt))
    majority = float(usual.values[usual.counts.argmax()])
    features = {
        "length": lambda item: float(np.log1p(len(item.answer.split()))),
        KEYWORDS: keyword_overlap(corpus),
        "nearest sentences (MiniLM)": sentence_similarity(corpus.references, embed),
    }
    levels = {"majority": np.full(len(items), majority)}
    for name, feature in features.items():
        slope, start = np.polyfit([feature(item) for item in learnt], targets(learnt), 1)
        levels[name] = np.clip(start + slope * np.array([feature(item) for item in items]), 0.0, 1.0)
    return levels


def keyword_overlap(corpus: Corpus) -> Callable[[Item], float]:
    """Cosine of answer and reference answer, words weighted by how rare they are among training answers."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [*(item.answer for item in corpus.training), *corpus.references.values()]
    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit(texts)

    def overlap(item: Item) -> float:
        answer, reference = vectors.transform([item.answer, corpus.references[item.cluster]])
        return float((answer @ reference.T).toarray()[0, 0])

    return overlap


def sentence_similarity(references: Mapping[str, str], embed: Embed) -> Callable[[Item], float]:
    """How near each point of the reference comes to some sentence of the answer, on average over those asked for."""
    points = {cluster: embed(points_of(reference)) for cluster, reference in references.items()}

    def similarity(item: Item) -> float:
        said = [span.of(item.answer) for span in sentences(item.answer)] or [item.answer]
        near = np.sort((points[item.cluster] @ embed(said).T).max(axis=1))[::-1]
        return float(near[: asked_for(item.question, len(near))].mean())

    return similarity


def targets(items: Sequence[Item]) -> Array:
    return np.array([item.target(OVERALL) for item in items], dtype=np.float64)
