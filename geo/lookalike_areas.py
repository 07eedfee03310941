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
import numpy.typing as npt
from scipy import stats

from geo.distance import unit_vectors

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEAST_AREAS: Final = 30
LEAST_BEST: Final = 5
BEST: Final = 0.2
"""The best areas are this share of those that can be judged."""

PENALTIES: Final = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
NEIGHBOURS: Final = 5
DRAWS: Final = 500
CHANCE: Final = 0.5
GOOD: Final = 0.7
"""AUC from which the ranking is reliable (Hosmer, Lemeshow, Sturdivant 2013, section 5.2.4)."""

SURE: Final = 0.6
"""And the least its interval may reach."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its 95% interval."""

    value: float
    low: float
    high: float


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


def credible(count: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Means of areas, pulled towards the mean of all the more the fewer customers they rest on.

    Parameters
    ----------
    count, total, squares : (n,)
        Customers of each area (> 0), and the sum of their values and of the squares.

    Returns
    -------
    mean, credibility : (n,)
        Credibility 0 (only the mean of all) to 1. Where areas differ by no more than chance it is 0.

    References
    ----------
    Bühlmann, Straub (1970), Glaubwürdigkeit für Schadensätze; estimators as in Bühlmann, Gisler (2005), A
    Course in Credibility Theory, eqs. 4.24-4.26.
    """
    n = count.sum()
    mean = total / count
    overall = total.sum() / n
    inside = np.maximum(squares - count * mean**2, 0.0).sum() / max(n - len(count), 1.0)
    scale = n - (count**2).sum() / n
    between = ((count * (mean - overall) ** 2).sum() - (len(count) - 1) * inside) / max(scale, 1e-12)
    if between <= 0:
        return np.full(len(count), overall), np.zeros(len(count))
    trust = count / (count + inside / between)
    centre = (trust * mean).sum() / trust.sum()
    return np.asarray(centre + trust * (mean - centre)), np.asarray(trust)


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


def gower(x: Floats, others: Floats, span: Floats) -> Floats:
    """Gower's distance between rows: the mean over features of the difference as a share of its range.

    Parameters
    ----------
    x : (n, p), others : (m, p)
    span : (p,)
        Range of each feature, > 0.

    Returns
    -------
    (n, m)

    References
    ----------
    Gower (1971), A general coefficient of similarity and some of its properties, Biometrics 27, section 3,
    for quantitative characters.
    """
    total = np.zeros((len(x), len(others)))
    for place in range(x.shape[1]):
        total += np.abs(x[:, place][:, None] - others[:, place][None, :]) / span[place]
    return np.asarray(total / x.shape[1])


def ridge(x: Floats, y: Floats, weight: Floats, penalty: float) -> tuple[float, Floats]:
    """Weighted ridge regression: intercept and coefficients (p,).

    References
    ----------
    Hoerl, Kennard (1970), Ridge regression, Technometrics 12, eq. 2.1.
    """
    share = weight / weight.sum()
    middle, level = share @ x, float(share @ y)
    centred = (x - middle) * weight[:, None]
    left = (x - middle).T @ centred + penalty * np.eye(x.shape[1])
    coef = np.linalg.solve(left, centred.T @ (y - level))
    return level - float(middle @ coef), np.asarray(coef)


def auc(score: Floats, best: Bools) -> float:
    """How often one of the best areas has a higher score than one of the others; NaN without both."""
    m, n = int(best.sum()), int((~best).sum())
    if not m or not n:
        return float("nan")
    ranks = stats.rankdata(score)
    return float((ranks[best].sum() - m * (m + 1) / 2) / (m * n))


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
    chosen = _best(measure, judged) if best is None else best & judged
    if len(rows) < LEAST_AREAS:
        return AreaModel("do_not_use", "few_areas", len(rows), chosen)
    if chosen.sum() < LEAST_BEST or (judged & ~chosen).sum() < LEAST_BEST:
        return AreaModel("do_not_use", "few_best", len(rows), chosen)
    if best is None and np.count_nonzero(measure[rows] > measure[rows].min()) < LEAST_BEST:
        return AreaModel("do_not_use", "few_best", len(rows), chosen)
    if len(varied(features, judged)) < features.shape[1]:
        raise ValueError("learn() needs features that vary among the judged areas; take varied() of them.")
    x, span = _standard(features, rows)
    if not x.shape[1] or weight[rows].sum() <= 0:
        reason = "no_features" if not x.shape[1] else "no_difference"
        return AreaModel("do_not_use", reason, len(rows), chosen)
    target = measure[rows].astype(float) if best is None else chosen[rows].astype(float)
    level, scale = float(target.mean()), float(target.std()) or 1.0
    y, w = (target - level) / scale, np.maximum(weight[rows].astype(float), 1e-6)
    part = blocks(lat[rows], lon[rows], 16 if len(rows) >= 160 else 8)
    out, near = _held_out(x[rows], y, w, part, unit_vectors(lat[rows], lon[rows]), span, told)
    area = _interval(out - _left_mean(y, w, part), chosen[rows], part, seed)
    method = _chosen(x[rows], y, w, part, span)
    known = _predict(method, x[rows], y, w, x, span)
    error = y - out
    naive = auc(near - _left_mean(y, w, part), chosen[rows])
    word, reason = _verdict(area, naive)
    told(1.0)
    return AreaModel(
        word=word,
        reason=reason,
        areas=len(rows),
        best=chosen,
        blocks=int(part.max()) + 1,
        auc=area,
        nearby=naive,
        explained=1 - float((w * error**2).sum() / (w * (y - _left_mean(y, w, part)) ** 2).sum()),
        lift=_lift(out, chosen[rows]),
        method=method[0],
        weights=_weights(x[rows], y, w, method, part, seed),
        predicted=known * scale + level,
        held_out=_spread_out(out * scale + level, rows, len(judged)),
        spread=(float(np.quantile(error, 0.1)) * scale, float(np.quantile(error, 0.9)) * scale),
        like=_alike(x, chosen, span),
    )


Method = tuple[str, float]
_METHODS: Final[tuple[Method, ...]] = (*(("ridge", penalty) for penalty in PENALTIES), ("similar", 0.0))


def _best(measure: Floats, judged: Bools) -> Bools:
    """The best fifth of the judged areas; equal ones in their order."""
    rows = np.flatnonzero(judged)
    order = rows[np.argsort(-measure[rows], kind="stable")]
    found = np.zeros(len(judged), dtype=bool)
    found[order[: round(BEST * len(rows))]] = True
    return found


def _standard(features: Floats, rows: Integers) -> tuple[Floats, Floats]:
    """Standardised by the judged areas, and the range of each feature among them."""
    known = features[rows]
    mean = np.nanmean(known, axis=0)
    scale = np.nanstd(known, axis=0)
    x = (np.where(np.isnan(features), mean, features) - mean) / scale
    return x, np.maximum(np.ptp(x[rows], axis=0), 1e-9)


def _predict(method: Method, x: Floats, y: Floats, w: Floats, asked: Floats, span: Floats) -> Floats:
    name, penalty = method
    if name == "ridge":
        level, coef = ridge(x, y, w, penalty)
        return np.asarray(level + asked @ coef)
    return _near_mean(gower(asked, x, span), y, w)


def _near_mean(distance: Floats, y: Floats, w: Floats) -> Floats:
    """The weighted mean of the nearest areas."""
    near = np.argsort(distance, axis=1, kind="stable")[:, :NEIGHBOURS]
    return np.asarray((y[near] * w[near]).sum(axis=1) / w[near].sum(axis=1))


def _chosen(x: Floats, y: Floats, w: Floats, part: Integers, span: Floats) -> Method:
    """The method with the least squared error on parts that were left out."""
    errors = np.zeros(len(_METHODS))
    for number in np.unique(part):
        out = part == number
        for place, method in enumerate(_METHODS):
            found = _predict(method, x[~out], y[~out], w[~out], x[out], span)
            errors[place] += float((w[out] * (y[out] - found) ** 2).sum())
    return _METHODS[int(np.argmin(errors))]


def _held_out(
    x: Floats,
    y: Floats,
    w: Floats,
    part: Integers,
    at: Floats,
    span: Floats,
    told: Callable[[float], object],
) -> tuple[Floats, Floats]:
    """Forecasts of every part by a method chosen and fitted on the others; and by the nearest areas."""
    found, near = np.zeros(len(y)), np.zeros(len(y))
    numbers = np.unique(part)
    for place, number in enumerate(numbers):
        told(place / len(numbers))
        out = part == number
        method = _chosen(x[~out], y[~out], w[~out], part[~out], span)
        found[out] = _predict(method, x[~out], y[~out], w[~out], x[out], span)
        near[out] = _near_mean(1 - at[out] @ at[~out].T, y[~out], w[~out])
    return found, near


def _left_mean(y: Floats, w: Floats, part: Integers) -> Floats:
    """What is forecast without any feature: the mean of the parts that were learnt from."""
    found = np.zeros(len(y))
    for number in np.unique(part):
        out = part == number
        found[out] = np.average(y[~out], weights=w[~out])
    return found


def _interval(score: Floats, best: Bools, part: Integers, seed: int) -> Interval:
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


def _lift(score: Floats, best: Bools) -> float:
    """How many times as many of the best areas are in the fifth ranked highest as in any fifth."""
    top = np.argsort(-score, kind="stable")[: max(1, round(BEST * len(score)))]
    return float(best[top].mean() / best.mean())


def _weights(
    x: Floats, y: Floats, w: Floats, method: Method, part: Integers, seed: int
) -> tuple[Interval, ...]:
    """Ridge coefficients with bootstrap intervals over areas; with the penalty chosen, else a middle one."""
    penalty = method[1] if method[0] == "ridge" else _ridge_penalty(x, y, w, part)
    coef = ridge(x, y, w, penalty)[1]
    rng = np.random.default_rng(seed)
    drawn = np.empty((DRAWS, x.shape[1]))
    for place in range(DRAWS):
        rows = rng.integers(0, len(y), len(y))
        drawn[place] = ridge(x[rows], y[rows], w[rows], penalty)[1]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return tuple(Interval(float(c), float(a), float(b)) for c, a, b in zip(coef, low, high, strict=True))


def _ridge_penalty(x: Floats, y: Floats, w: Floats, part: Integers) -> float:
    errors = np.zeros(len(PENALTIES))
    for number in np.unique(part):
        out = part == number
        for place, penalty in enumerate(PENALTIES):
            level, coef = ridge(x[~out], y[~out], w[~out], penalty)
            errors[place] += float((w[out] * (y[out] - level - x[out] @ coef) ** 2).sum())
    return PENALTIES[int(np.argmin(errors))]


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
