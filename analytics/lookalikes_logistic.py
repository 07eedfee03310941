"""Ridge logistic regression by Newton's method, its penalty by cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]

PENALTIES: Final = (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5)
"""Per row, from strong to weak: each fit starts from the one before."""

FOLDS: Final = 5
MOST_ROWS: Final = 20_000
"""Rows the penalty is chosen on."""

_STEPS: Final = 50
_TOLERANCE: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Fitted:
    """Intercept, coefficients (p,), and their covariance (p + 1, p + 1), intercept first."""

    intercept: float
    coef: Floats
    covariance: Floats
    penalty: float

    def linear(self, x: Floats) -> Floats:
        """Log odds of each row (n,)."""
        return np.asarray(self.intercept + x @ self.coef)


def loss(beta: Floats, x: Floats, y: Floats, penalty: float) -> tuple[float, Floats]:
    """Penalised mean log loss and its gradient.

    Parameters
    ----------
    beta : (p + 1,)
        Intercept first; the intercept is not penalised.
    x : (n, p), y : (n,) of 0 and 1
    penalty : float
        Half of it times the squared length of the coefficients is added.

    References
    ----------
    Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, eqs. 4.20 and 4.31 (with
    the squared instead of the absolute penalty).
    """
    line = beta[0] + x @ beta[1:]
    value = float(np.mean(np.logaddexp(0.0, line) - y * line) + penalty / 2 * beta[1:] @ beta[1:])
    left = (expit(line) - y) / len(y)
    return value, np.concatenate(([left.sum()], x.T @ left + penalty * beta[1:]))


def fit(x: Floats, y: Floats, penalty: float, start: Floats | None = None) -> Fitted:
    """Fit by Newton's method with halved steps.

    Parameters
    ----------
    x : (n, p)
        Standardised columns.
    y : (n,) of 0 and 1
    penalty : float > 0
        As in :func:`loss`; scikit-learn's C is 1 / (n * penalty).
    start : (p + 1,), optional

    Raises
    ------
    ValueError : a row is missing, only one class, or a penalty that is not positive.

    References
    ----------
    Hastie et al. (2009), eqs. 4.26-4.28. Covariance: le Cessie, van Houwelingen (1992), Ridge
    estimators in logistic regression, Applied Statistics 41, section 3.
    """
    if penalty <= 0 or len(x) != len(y) or not 0 < y.sum() < len(y):
        raise ValueError(
            f"fit() needs a penalty > 0 and rows of both kinds; got {penalty}, {len(x)} rows of features, "
            f"{len(y)} answers of which {int(y.sum())} are 1."
        )
    base = float(np.log(y.mean() / (1 - y.mean())))
    beta = np.concatenate(([base], np.zeros(x.shape[1]))) if start is None else start.copy()
    ridge = np.diag([0.0, *[penalty] * x.shape[1]])
    value, slope = loss(beta, x, y, penalty)
    for _ in range(_STEPS):
        if np.abs(slope).max() < _TOLERANCE:
            break
        step = np.linalg.solve(_information(beta, x) + ridge, slope)
        share = 1.0
        while share > 1e-6:
            found, found_slope = loss(beta - share * step, x, y, penalty)
            if found <= value:
                break
            share /= 2
        else:
            break
        beta, value, slope = beta - share * step, found, found_slope
    information = _information(beta, x)
    inverse = np.linalg.inv(information + ridge)
    covariance = inverse @ information @ inverse / len(y)
    return Fitted(float(beta[0]), np.asarray(beta[1:]), np.asarray(covariance), penalty)


def chosen(
    x: Floats,
    y: Floats,
    seed: int = 0,
    penalties: Sequence[float] = PENALTIES,
    told: Callable[[float], object] = lambda share: None,
) -> float:
    """The penalty with the least log loss on rows that were held out, in ``FOLDS`` folds.

    Parameters
    ----------
    x, y : as in :func:`fit`
    seed : int
        Of the folds.
    penalties : sequence of float
        From strong to weak.
    told : callable
        Called with the share that is done.
    """
    rng = np.random.default_rng(seed)
    kept = rng.permutation(len(y))[:MOST_ROWS]
    fold = np.empty(len(kept), dtype=np.int64)
    for kind in (0.0, 1.0):  # as many of each kind in every fold
        rows = np.flatnonzero(y[kept] == kind)
        fold[rows] = np.arange(len(rows)) % FOLDS
    total = np.zeros(len(penalties))
    for number in range(FOLDS):
        told(number / FOLDS)
        inside, outside = kept[fold != number], kept[fold == number]
        start: Floats | None = None
        for place, penalty in enumerate(penalties):
            made = fit(x[inside], y[inside], penalty, start)
            start = np.concatenate(([made.intercept], made.coef))
            total[place] += loss(start, x[outside], y[outside], 0.0)[0] * len(outside)
    return float(penalties[int(np.argmin(total))])


def _information(beta: Floats, x: Floats) -> Floats:
    """Mean of w x x' with an intercept, (p + 1, p + 1)."""
    chance = expit(beta[0] + x @ beta[1:])
    weight = chance * (1 - chance) / len(x)
    weighted = x * weight[:, None]
    found = np.empty((x.shape[1] + 1, x.shape[1] + 1))
    found[0, 0] = weight.sum()
    found[0, 1:] = found[1:, 0] = weighted.sum(axis=0)
    found[1:, 1:] = x.T @ weighted
    return found
