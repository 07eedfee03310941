"""Shifted beta-geometric: how many of a cohort of subscribers stay, period after period."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import ndtri

from analytics.clv.arrays import FloatArray, as_column, as_numbers, require
from analytics.clv.climbing import Objective
from analytics.clv.fitted_model import FittedModel
from analytics.clv.logspace import digamma_rise, log_rising
from analytics.clv.maximum_likelihood import WeakPrior, maximise
from analytics.clv.merging import WeightedRows

NOMINAL = 1000.0
"""Customers that shares stand for when nobody says how many there were."""


class ShiftedBetaGeo(FittedModel):
    """sBG model of contractual retention.

    At the end of every period a customer leaves with a probability of the customer's own, beta distributed
    (``alpha``, ``beta``) over customers. Those likely to leave go first, so the retention rate of a cohort
    rises although nobody changes.

    Attributes
    ----------
    params_ : dict
        ``alpha, beta``. The rest as in ``FittedModel``.

    References
    ----------
    Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1),
    76-90: probability of leaving, survival, their recursion and the retention rate of the sBG model.

    Examples
    --------
    >>> high_end = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> ShiftedBetaGeo().fit(high_end).survival([8, 12]).round(3)
    array([0.46 , 0.378])
    """

    names = ("alpha", "beta")

    def fit(self, survivors: Any, customers: float | None = None) -> Self:
        """Maximum likelihood on the survivors of one cohort.

        Parameters
        ----------
        survivors : array_like, shape (k + 1,)
            Customers (or shares of 1) left at the end of periods 0, 1, ..., k; the first is the cohort.
        customers : float, optional
            Size of the cohort where ``survivors`` are shares. Without it shares count as ``NOMINAL``
            customers, as in the paper; that sets the standard errors and the log-likelihood, nothing else.

        Returns
        -------
        self

        Raises
        ------
        ValueError : fewer than two entries, negative, rising, a share below 1 at period 0, not numbers.
        """
        left = as_column("survivors", survivors)
        _check_survivors(left)
        shares = bool(left[0] == 1) and customers is None
        if customers is not None or shares:
            size = NOMINAL if customers is None else float(as_numbers("customers", customers))
            require(size > 0, "customers must be above 0", np.array([size]))
            left = left * (size / left[0])
        lost = np.append(left[:-1] - left[1:], left[-1])
        periods = np.arange(1.0, len(left))
        rows = WeightedRows(
            (np.append(periods, len(left) - 1.0), np.append(np.ones(len(periods)), 0.0)), lost
        )
        churn = (float(lost[:-1].sum()) + 0.01 * left[0]) / (float(left[:-1].sum()) + 0.02 * left[0])
        odds = churn / (1 - churn)
        starts = [np.log([size, size / odds]) for size in (0.7, 3.0, 0.2)]
        prior = WeakPrior(np.array([[1.0, 0], [1, -1]]), np.log([1.0, odds]))
        estimate = maximise(_log_likelihood, rows, starts, prior)
        codes = ["two_periods"] if len(left) < 4 else []
        if shares:
            codes.append("no_customers_count")
        self._keep_estimate(estimate, np.ones(2), estimate.log_likelihood, codes)
        return self

    def survival(self, n: Any) -> FloatArray:
        """Share of the cohort left at the end of period n.

        Parameters
        ----------
        n : array_like, >= 0

        Returns
        -------
        ndarray of the shape of n, 0..1
        """
        alpha, beta = self._values()
        periods = _as_periods(n, 0)
        return np.asarray(np.exp(log_rising(beta, periods) - log_rising(alpha + beta, periods)))

    def retention_rate(self, n: Any) -> FloatArray:
        """Share of those left at the end of period n - 1 who are left at the end of period n.

        Parameters
        ----------
        n : array_like, >= 1

        Returns
        -------
        ndarray of the shape of n, 0..1
        """
        alpha, beta = self._values()
        periods = _as_periods(n, 1)
        return np.asarray((beta + periods - 1) / (alpha + beta + periods - 1))

    def survival_interval(self, n: Any, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Interval of the survival curve for what is not known about the parameters.

        By the delta method on the scale of log(-log S), which keeps it between 0 and 1. It does not hold what
        the model gets wrong, nor the chance in a small cohort.

        Parameters
        ----------
        n : array_like, >= 0
        level : float, between 0 and 1

        Returns
        -------
        low, high : ndarray of the shape of n
        """
        if not 0 < level < 1:
            raise ValueError(f"level must be between 0 and 1, 0.95 say; got {level}.")
        alpha, beta = self._values()
        periods = _as_periods(n, 0)
        gone = np.maximum(-(log_rising(beta, periods) - log_rising(alpha + beta, periods)), 1e-300)
        both = digamma_rise(alpha + beta, periods)
        slope = np.stack([alpha * both, beta * (both - digamma_rise(beta, periods))]) / gone
        variance = np.einsum("i...,ij,j...->...", slope, self.log_covariance_, slope)
        width = np.minimum(float(ndtri(0.5 + level / 2)) * np.sqrt(np.maximum(variance, 0)), 300.0)
        low, high = np.exp(-gone * np.exp(width)), np.exp(-gone * np.exp(-width))
        start = periods == 0
        return np.where(start, 1.0, low), np.where(start, 1.0, high)


def _as_periods(n: Any, least: int) -> FloatArray:
    periods = as_numbers("n", n)
    require(periods >= least, f"n must be {least} or more", periods)
    return periods


def _check_survivors(left: FloatArray) -> None:
    if len(left) < 2:
        raise ValueError(f"survivors needs the ends of periods 0 and 1 at least; got {len(left)} entry.")
    require(left >= 0, "survivors must be 0 or more", left)
    if not left[0] > 0:
        raise ValueError("survivors must start with the cohort at period 0, above 0; got 0.")
    if left[0] < 1:
        raise ValueError(
            f"survivors must start with period 0, a share of 1 or a count; got {left[0]:g}. Put 1 in front."
        )
    rising = np.flatnonzero(np.diff(left) > 0)
    if rising.size:
        k = int(rising[0])
        raise ValueError(
            f"survivors must never rise; got {left[k]:g} at period {k} and {left[k + 1]:g} at period {k + 1}."
        )


def _log_likelihood(rows: WeightedRows) -> Objective:
    """Log-likelihood with gradient over (log alpha, log beta); rows are (period, 1 if lost in it)."""
    period, lost = rows.columns
    weight = rows.weight
    stayed = period - lost

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        alpha, beta = (float(value) for value in np.exp(theta))
        value = log_rising(beta, stayed) - log_rising(alpha + beta, period) + lost * theta[0]
        both = digamma_rise(alpha + beta, period)
        d_alpha = weight @ (lost / alpha - both)
        d_beta = weight @ (digamma_rise(beta, stayed) - both)
        return float(weight @ value), np.array([alpha * d_alpha, beta * d_beta])

    return evaluate
