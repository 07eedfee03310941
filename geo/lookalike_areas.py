"""Areas like the best ones: what they have in common, tested on parts of the map that were held out.

Two transparent candidates predict a measure of an area from standardised features: ridge regression, and
the mean of the most similar areas by Gower's distance. Which of them, and how strong the penalty, is chosen
inside the parts that are learnt from; how well that does is measured on the part that was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.distance import unit_vectors
from geo.lookalike_areas_holdout import (
    BEST,
    DRAWS,
    Interval,
    auc,
    blocks,
    held_out,
    interval,
    left_mean,
    lift,
)
from geo.lookalike_areas_methods import (
    Bools,
    Floats,
    Integers,
    Method,
    best_method,
    gower,
    predict,
    ridge,
    ridge_penalty,
    standard,
)

LEAST_AREAS: Final = 30
LEAST_BEST: Final = 5
CHANCE: Final = 0.5
GOOD: Final = 0.7
"""AUC from which the ranking is reliable (Hosmer, Lemeshow, Sturdivant 2013, section 5.2.4)."""

SURE: Final = 0.6
"""And the least its interval may reach."""


@dataclass(frozen=True, slots=True)
class AreaModel:
    """What was learnt of the best areas.

    ``word`` is ``reliable``, ``rough`` or ``do_not_use``; ``reason`` one of ``good``, ``weak``, ``chance``,
    ``nearby`` (what lies near does as well), ``few_areas``, ``few_best``, ``no_features``,
    ``no_difference`` (areas differ by no more than chance). ``method`` is
    ``ridge`` or ``similar``. ``predicted`` (m,) is the forecast of every area asked about and ``spread``
    the 10% and 90% quantiles of the errors on areas that were held out. ``weights`` holds an
    :class:`Interval` per feature: by how many standard deviations of the measure one standard deviation of
    the feature moves it. ``like`` (m, 2) are positions of the most similar best areas.
    """

    word: str
    reason: str
    areas: int
    best: Bools
    blocks: int = 0
    auc: Interval | None = None
    nearby: float | None = None
    explained: float | None = None
    lift: float | None = None
    method: str = ""
    weights: tuple[Interval, ...] = ()
    predicted: Floats | None = None
    held_out: Floats | None = None
    spread: tuple[float, float] = (np.nan, np.nan)
    like: Integers | None = None


def learn(
    features: Floats,
    lat: Floats,
    lon: Floats,
    judged: Bools,
    measure: Floats,
    weight: Floats,
    best: Bools | None = None,
    seed: int = 0,
    told: Callable[[float], object] = lambda share: None,
) -> AreaModel:
    """Learn what the best areas have in common, test it, and forecast every area.

    Parameters
    ----------
    features : (m, p)
        Of every area asked about, comparable numbers; NaN is the mean.
    lat, lon : (m,), degrees
    judged : (m,) bool
        Areas whose measure is known; the others are only forecast.
    measure : (m,)
        What makes an area good; read where ``judged``.
    weight : (m,)
        How far the measure of an area can be trusted, >= 0; read where ``judged``.
    best : (m,) bool, optional
        Areas somebody picked: then these are to be told from the others, and ``measure`` is not read.
    seed : int
        Of the intervals.
    told : callable
        Called with the share that is done.

    Raises
    ------
    ValueError : a feature does not vary among the judged areas (see :func:`varied`).
    """
    rows = np.flatnonzero(judged)
    good = _best(measure, judged) if best is None else best & judged
    reason = _short(rows, judged, good, None if best is not None else measure)
    if reason:
        return AreaModel("do_not_use", reason, len(rows), good)
    if len(varied(features, judged)) < features.shape[1]:
        raise ValueError("learn() needs features that vary among the judged areas; take varied() of them.")
    x, span = standard(features, rows)
    if not x.shape[1] or weight[rows].sum() <= 0:
        reason = "no_features" if not x.shape[1] else "no_difference"
        return AreaModel("do_not_use", reason, len(rows), good)
    target = measure[rows].astype(float) if best is None else good[rows].astype(float)
    part = blocks(lat[rows], lon[rows], 16 if len(rows) >= 160 else 8)
    known = _Known(x, span, rows, good, target, np.maximum(weight[rows].astype(float), 1e-6), part)
    found = held_out(x[rows], known.y, known.w, part, unit_vectors(lat[rows], lon[rows]), span, told)
    told(0.8)
    made = _modelled(known, *found, seed)
    told(1.0)
    return made


@dataclass(frozen=True)
class _Known:
    """What is learnt from: features of all areas, and of those judged (``rows``) target, weight, part."""

    x: Floats
    span: Floats
    rows: Integers
    best: Bools
    target: Floats
    w: Floats
    part: Integers

    @property
    def level(self) -> float:
        return float(self.target.mean())

    @property
    def scale(self) -> float:
        return float(self.target.std()) or 1.0

    @property
    def y(self) -> Floats:
        """The target in standard deviations."""
        return np.asarray((self.target - self.level) / self.scale)


def _short(rows: Integers, judged: Bools, good: Bools, measure: Floats | None) -> str:
    """What there is too little of to learn from; empty where there is enough."""
    if len(rows) < LEAST_AREAS:
        return "few_areas"
    if min(good.sum(), (judged & ~good).sum()) < LEAST_BEST:
        return "few_best"
    if measure is not None and np.count_nonzero(measure[rows] > measure[rows].min()) < LEAST_BEST:
        return "few_best"
    return ""


def _modelled(known: _Known, out: Floats, near: Floats, seed: int) -> AreaModel:
    """The verdict from the forecasts of held-out areas (``out``, and ``near`` by what lies near)."""
    x, y, w, part, scale = known.x[known.rows], known.y, known.w, known.part, known.scale
    best, plain = known.best[known.rows], left_mean(y, w, part)
    area, naive = interval(out - plain, best, part, seed), auc(near - plain, best)
    method = best_method(x, y, w, part, known.span)
    word, reason = _verdict(area, naive)
    error = y - out
    return AreaModel(
        word=word,
        reason=reason,
        areas=len(known.rows),
        best=known.best,
        blocks=int(part.max()) + 1,
        auc=area,
        nearby=naive,
        explained=1 - float((w * error**2).sum() / (w * (y - plain) ** 2).sum()),
        lift=lift(out, best),
        method=method[0],
        weights=_weights(x, y, w, method, part, seed),
        predicted=predict(method, x, y, w, known.x, known.span) * scale + known.level,
        held_out=_spread_out(out * scale + known.level, known.rows, len(known.best)),
        spread=(float(np.quantile(error, 0.1)) * scale, float(np.quantile(error, 0.9)) * scale),
        like=_alike(known.x, known.best, known.span),
    )


def _best(measure: Floats, judged: Bools) -> Bools:
    """The best fifth of the judged areas; equal ones in their order."""
    rows = np.flatnonzero(judged)
    order = rows[np.argsort(-measure[rows], kind="stable")]
    found = np.zeros(len(judged), dtype=bool)
    found[order[: round(BEST * len(rows))]] = True
    return found


def _weights(
    x: Floats, y: Floats, w: Floats, method: Method, part: Integers, seed: int
) -> tuple[Interval, ...]:
    """Ridge coefficients with bootstrap intervals over areas; with the penalty chosen, else a middle one."""
    penalty = method[1] if method[0] == "ridge" else ridge_penalty(x, y, w, part)
    coef = ridge(x, y, w, penalty)[1]
    rng = np.random.default_rng(seed)
    drawn = np.empty((DRAWS, x.shape[1]))
    for place in range(DRAWS):
        rows = rng.integers(0, len(y), len(y))
        drawn[place] = ridge(x[rows], y[rows], w[rows], penalty)[1]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return tuple(Interval(float(c), float(a), float(b)) for c, a, b in zip(coef, low, high, strict=True))


def _alike(x: Floats, best: Bools, span: Floats) -> Integers:
    """The two best areas most similar to each area, itself left out."""
    good = np.flatnonzero(best)
    distance = gower(x, x[good], span)
    distance[good, np.arange(len(good))] = np.inf
    return np.asarray(good[np.argsort(distance, axis=1, kind="stable")[:, :2]])


def _spread_out(values: Floats, rows: Integers, size: int) -> Floats:
    found = np.full(size, np.nan)
    found[rows] = values
    return found


def _verdict(area: Interval, naive: float) -> tuple[str, str]:
    if not area.low > CHANCE:
        return "do_not_use", "chance"
    if area.value <= naive:
        return "do_not_use", "nearby"
    good = area.value >= GOOD and area.low >= SURE
    return ("reliable", "good") if good else ("rough", "weak")


def varied(features: Floats, judged: Bools) -> Sequence[int]:
    """Columns that are known of at least half of the judged areas and differ among them."""
    known = features[judged]
    if not len(known):
        return []
    enough = np.isfinite(known).mean(axis=0) >= 0.5
    return [int(place) for place in np.flatnonzero(enough) if np.nanstd(known[:, place]) > 1e-9]
