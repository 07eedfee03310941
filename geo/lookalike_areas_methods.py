"""Two transparent ways to forecast an area from its features: ridge regression, and its most similar areas.

Which of them, and how strong the penalty, is best_method on parts of the map that are left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Method = tuple[str, float]

PENALTIES: Final = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
NEIGHBOURS: Final = 5
METHODS: Final[tuple[Method, ...]] = (*(("ridge", penalty) for penalty in PENALTIES), ("similar", 0.0))


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


def standard(features: Floats, rows: Integers) -> tuple[Floats, Floats]:
    """Standardised by the judged areas, and the range of each feature among them."""
    known = features[rows]
    mean = np.nanmean(known, axis=0)
    scale = np.nanstd(known, axis=0)
    x = (np.where(np.isnan(features), mean, features) - mean) / scale
    return x, np.maximum(np.ptp(x[rows], axis=0), 1e-9)


def predict(method: Method, x: Floats, y: Floats, w: Floats, asked: Floats, span: Floats) -> Floats:
    """The forecast of each area asked about, learnt from areas with features x, target y and weight w."""
    name, penalty = method
    if name == "ridge":
        level, coef = ridge(x, y, w, penalty)
        return np.asarray(level + asked @ coef)
    return near_mean(gower(asked, x, span), y, w)


def near_mean(distance: Floats, y: Floats, w: Floats) -> Floats:
    """The weighted mean of the nearest areas."""
    near = np.argsort(distance, axis=1, kind="stable")[:, :NEIGHBOURS]
    return np.asarray((y[near] * w[near]).sum(axis=1) / w[near].sum(axis=1))


def best_method(x: Floats, y: Floats, w: Floats, part: Integers, span: Floats) -> Method:
    """The method with the least squared error on parts that were left out."""
    errors = np.zeros(len(METHODS))
    for number in np.unique(part):
        out = part == number
        for place, method in enumerate(METHODS):
            found = predict(method, x[~out], y[~out], w[~out], x[out], span)
            errors[place] += float((w[out] * (y[out] - found) ** 2).sum())
    return METHODS[int(np.argmin(errors))]


def ridge_penalty(x: Floats, y: Floats, w: Floats, part: Integers) -> float:
    """The penalty with the least squared error on parts that were left out."""
    errors = np.zeros(len(PENALTIES))
    for number in np.unique(part):
        out = part == number
        for place, penalty in enumerate(PENALTIES):
            level, coef = ridge(x[~out], y[~out], w[~out], penalty)
            errors[place] += float((w[out] * (y[out] - level - x[out] @ coef) ** 2).sum())
    return PENALTIES[int(np.argmin(errors))]
