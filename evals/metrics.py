"""How far levels agree with targets.

A measure takes the levels beside their targets and one row of weights a resample (`Resampling.weights`), and gives one
value a resample; NaN where it is not defined.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from evals.bootstrap import Array
from evals.paired import Paired

Measure = Callable[[Paired, Array], Array]


def kappa(pairs: Paired, weights: Array) -> Array:
    """Quadratic weighted kappa of whole levels."""
    return quadratic_kappa(rounded(pairs.level), rounded(pairs.target), weights)


def exact(pairs: Paired, weights: Array) -> Array:
    """Share of answers whose whole level is the target's."""
    return mean(_steps_apart(pairs) == 0, weights)


def adjacent(pairs: Paired, weights: Array) -> Array:
    """Share of answers at most one whole level from the target."""
    return mean(_steps_apart(pairs) <= 1, weights)


def spearman(pairs: Paired, weights: Array) -> Array:
    return correlation(_ranks(pairs.level, weights), _ranks(pairs.target, weights), weights)


def pearson(pairs: Paired, weights: Array) -> Array:
    return correlation(pairs.level, pairs.target, weights)


def mae(pairs: Paired, weights: Array) -> Array:
    """Mean distance from the target, in levels."""
    return mean(np.abs(pairs.level - pairs.target), weights)


def smd(pairs: Paired, weights: Array) -> Array:
    """Mean level less mean target, in standard deviations (root mean square of both); above 0 is too generous."""
    spread = np.sqrt((_variance(pairs.level, weights) + _variance(pairs.target, weights)) / 2)
    return _ratio(mean(pairs.level - pairs.target, weights), spread)


def coverage(pairs: Paired, weights: Array) -> Array:
    """Share of targets inside the interval given with the level."""
    return mean((pairs.low <= pairs.target) & (pairs.target <= pairs.high), weights)


def length_gap(pairs: Paired, weights: Array) -> Array:
    """How much closer levels follow the answer's length than targets do."""
    return correlation(pairs.level, pairs.words, weights) - correlation(pairs.target, pairs.words, weights)


def order(pairs: Paired, weights: Array) -> Array:
    """Kendall's tau among the answers to one question, over the pairs whose targets differ."""
    same_question = pairs.clusters[:, None] == pairs.clusters[None, :]
    target = np.sign(pairs.target[:, None] - pairs.target[None, :])
    agree = target * np.sign(pairs.level[:, None] - pairs.level[None, :]) * same_question
    return _ratio(
        weights @ agree.sum(axis=1).astype(np.float64),
        weights @ (np.abs(target) * same_question).sum(axis=1).astype(np.float64),
    )


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "kappa": kappa,
        "exact": exact,
        "adjacent": adjacent,
        "spearman": spearman,
        "pearson": pearson,
        "mae": mae,
        "smd": smd,
        "order": order,
        "length_gap": length_gap,
        "coverage": coverage,
    }
)


def quadratic_kappa(x: Array, y: Array, weights: Array) -> Array:
    """Of two raters' levels. With squares as weights, kappa needs means and variances only."""
    apart = mean((x - y) ** 2, weights)
    by_chance = _variance(x, weights) + _variance(y, weights) + (mean(x, weights) - mean(y, weights)) ** 2
    return 1 - _ratio(apart, by_chance)


def correlation(x: Array, y: Array, weights: Array) -> Array:
    """Pearson's r."""
    joint = mean(x * y, weights) - mean(x, weights) * mean(y, weights)
    return _ratio(joint, np.sqrt(_variance(x, weights) * _variance(y, weights)))


def mean(x: Array | np.ndarray[tuple[int, ...], np.dtype[np.bool_]], weights: Array) -> Array:
    return _ratio((weights * x).sum(axis=-1), weights.sum(axis=-1))


def rounded(levels: Array) -> Array:
    """Whole levels; a half goes up."""
    return np.floor(levels + 0.5)


def _steps_apart(pairs: Paired) -> Array:
    return np.abs(rounded(pairs.level) - rounded(pairs.target))


def _variance(x: Array, weights: Array) -> Array:
    return np.maximum(0.0, mean(x * x, weights) - mean(x, weights) ** 2)


def _ranks(x: Array, weights: Array) -> Array:
    """Middle ranks within each resample."""
    below = (x[None, :] < x[:, None]).astype(np.float64)
    level = (x[None, :] == x[:, None]).astype(np.float64)
    return np.asarray(weights @ below.T + 0.5 * weights @ level.T, dtype=np.float64)


def _ratio(above: Array, below: Array) -> Array:
    """NaN where `below` vanishes."""
    defined = below > 1e-12
    return np.where(defined, above / np.where(defined, below, 1.0), np.nan)
