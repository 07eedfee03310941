"""How well look-alike areas are told, on parts of the map that were held out, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from geo.distance import unit_vectors
from geo.lookalike_areas_methods import Bools, Floats, Integers, best_method, near_mean, predict

BEST: Final = 0.2
"""The best areas are this share of those that can be judged."""

DRAWS: Final = 500


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its 95% interval."""

    value: float
    low: float
    high: float


def blocks(lat: Floats, lon: Floats, count: int) -> Integers:
    """Parts of the map with as many areas each, by halving the longer side again and again.

    Parameters
    ----------
    lat, lon : (n,), degrees
    count : int
        Wanted parts; made is the power of two at or below it.

    Returns
    -------
    (n,) int64
        0 to the number of parts - 1.

    References
    ----------
    Roberts et al. (2017), Cross-validation strategies for data with temporal, spatial, hierarchical, or
    phylogenetic structure, Ecography 40: spatial blocks.
    """
    at, found = unit_vectors(lat, lon), np.zeros(len(lat), dtype=np.int64)
    made = 1
    while made * 2 <= count:
        for part in range(made):
            rows = np.flatnonzero(found == part)
            if len(rows) < 2:
                continue
            axis = int(np.argmax(np.ptp(at[rows], axis=0)))
            order = rows[np.argsort(at[rows, axis], kind="stable")]
            found[order[len(order) // 2 :]] += made
        made *= 2
    return found


def auc(score: Floats, best: Bools) -> float:
    """How often one of the best areas has a higher score than one of the others; NaN without both."""
    m, n = int(best.sum()), int((~best).sum())
    if not m or not n:
        return float("nan")
    ranks = stats.rankdata(score)
    return float((ranks[best].sum() - m * (m + 1) / 2) / (m * n))


def held_out(
    x: Floats,
    y: Floats,
    w: Floats,
    part: Integers,
    at: Floats,
    span: Floats,
    told: Callable[[float], object],
) -> tuple[Floats, Floats]:
    """Forecasts of every part by a method chosen and fitted on the others, and by the nearest areas."""
    found, near = np.zeros(len(y)), np.zeros(len(y))
    numbers = np.unique(part)
    for place, number in enumerate(numbers):
        told(0.8 * place / len(numbers))
        out = part == number
        method = best_method(x[~out], y[~out], w[~out], part[~out], span)
        found[out] = predict(method, x[~out], y[~out], w[~out], x[out], span)
        near[out] = near_mean(1 - at[out] @ at[~out].T, y[~out], w[~out])
    return found, near


def left_mean(y: Floats, w: Floats, part: Integers) -> Floats:
    """What is forecast without any feature: the mean of the parts that were learnt from."""
    found = np.zeros(len(y))
    for number in np.unique(part):
        out = part == number
        found[out] = np.average(y[~out], weights=w[~out])
    return found


def interval(score: Floats, best: Bools, part: Integers, seed: int) -> Interval:
    """AUC with an interval by the larger of two bootstrap errors: of areas, and of whole parts of the map.

    Few parts know their own error badly: Student's t with their number less one, on the logit scale.
    """
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(part == number) for number in np.unique(part)]
    errors = []
    for units in ([np.array([i]) for i in range(len(score))], groups):
        drawn = []
        for _ in range(DRAWS):
            rows = np.concatenate([units[i] for i in rng.integers(0, len(units), len(units))])
            drawn.append(_logit(auc(score[rows], best[rows])))
        errors.append(float(np.nanstd(drawn)))
    middle = auc(score, best)
    width = float(stats.t.ppf(0.975, len(groups) - 1)) * max(errors)
    low, high = (1 / (1 + np.exp(-(_logit(middle) + side * width))) for side in (-1, 1))
    return Interval(middle, min(float(low), middle), max(float(high), middle))


def _logit(share: float) -> float:
    """Log odds; a share of 0 or 1 counts as one in a thousand away from it."""
    inside = min(max(share, 0.001), 0.999)
    return float(np.log(inside / (1 - inside)))


def lift(score: Floats, best: Bools) -> float:
    """How many times as many of the best areas are in the fifth ranked highest as in any fifth."""
    top = np.argsort(-score, kind="stable")[: max(1, round(BEST * len(score)))]
    return float(best[top].mean() / best.mean())
