"""BG/BB: at each of n opportunities a customer buys or not, and may leave before any of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import expit

from analytics.clv.arrays import (
    FloatArray,
    as_column,
    as_numbers,
    as_weights,
    require,
    require_same_shape,
)
from analytics.clv.climbing import Objective
from analytics.clv.fitted_model import FittedModel
from analytics.clv.logspace import digamma_rise, log_rising
from analytics.clv.maximum_likelihood import WeakPrior, maximise
from analytics.clv.merging import WeightedRows, distinct_rows
from analytics.clv.opportunity_sums import LeavingSums, Params

FEW_REPEATERS = 30
MOST_OPPORTUNITIES = 200
"""Seen so far. More than some four years of weeks is continuous time, where the Pareto/NBD is at home."""
LONGEST_AHEAD = 20_000


class BetaGeoBetaBinomial(FittedModel):
    """BG/BB model of repeat purchases at discrete opportunities (a yearly appeal, a weekly market).

    While alive a customer buys at an opportunity with a probability that is beta distributed (``alpha``,
    ``beta``); before each opportunity the customer leaves for good with a probability that is beta
    distributed (``gamma``, ``delta``).

    Attributes
    ----------
    params_ : dict
        ``alpha, beta, gamma, delta``. The rest as in ``FittedModel``.

    References
    ----------
    Fader, Hardie, Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6), 1086-1108: the likelihood, mean and conditional expectation of a random
    customer; P(alive) equation A10.

    Examples
    --------
    >>> model = BetaGeoBetaBinomial.from_params(
    ...     {"alpha": 1.2035, "beta": 0.7497, "gamma": 0.6567, "delta": 2.7834})
    >>> float(model.expected_purchases_new(10).round(2))
    3.18
    """

    names = ("alpha", "beta", "gamma", "delta")

    def fit(self, frequency: Any, recency: Any, n_opportunities: Any, weights: Any = None) -> Self:
        """Maximum likelihood on one entry a customer, or one a history with ``weights``.

        Parameters
        ----------
        frequency : array_like, shape (n,)
            x, opportunities with a purchase, the first purchase ever not counted.
        recency : array_like, shape (n,)
            t_x, number of the last opportunity with a purchase; 0 where frequency is 0.
        n_opportunities : array_like, shape (n,)
            Opportunities seen so far, one value for all or one each.
        weights : array_like, shape (n,), optional
            How many customers an entry stands for.

        Returns
        -------
        self

        Raises
        ------
        ValueError : shapes differ, not whole numbers, or not frequency <= recency <= n_opportunities.
        """
        x, t_x = as_column("frequency", frequency), as_column("recency", recency)
        n = as_numbers("n_opportunities", n_opportunities)
        n = np.full(x.shape, float(n)) if n.ndim == 0 else n
        require_same_shape(frequency=x, recency=t_x, n_opportunities=n)
        _check(x, t_x, n)
        rows = WeightedRows.merge((x, t_x, n), as_weights(weights, x.size))
        x, _, n = rows.columns
        bought, seen = float(rows.weight @ x), float(rows.weight @ n)
        odds = (bought + 0.5) / (seen - bought + 0.5)
        estimate = maximise(_log_likelihood, rows, _starts(odds), _prior(odds))
        self._keep_estimate(estimate, np.ones(4), estimate.log_likelihood, _cautions(rows))
        return self

    def probability_alive(self, frequency: Any, recency: Any, n_opportunities: Any) -> FloatArray:
        """P(alive) at the next opportunity, n + 1.

        Parameters
        ----------
        frequency, recency, n_opportunities : array_like
            As in ``fit``; they broadcast.

        Returns
        -------
        ndarray of the broadcast shape, 0..1
        """
        return self._per_history(0, frequency, recency, n_opportunities)

    def expected_purchases(self, t: Any, frequency: Any, recency: Any, n_opportunities: Any) -> FloatArray:
        """Purchases expected at the next ``t`` opportunities, given the customer's history.

        Parameters
        ----------
        t : int >= 0
            Opportunities ahead, one value for all.
        frequency, recency, n_opportunities : array_like
            As in ``fit``; they broadcast.

        Returns
        -------
        ndarray of the broadcast shape

        Raises
        ------
        ValueError : impossible input, or not fitted.
        """
        return self._per_history(_opportunities_ahead(t), frequency, recency, n_opportunities)

    def expected_purchases_new(self, t: Any) -> FloatArray:
        """Repeat purchases expected of a new customer at the first ``t`` opportunities.

        Parameters
        ----------
        t : array_like of int >= 0

        Returns
        -------
        ndarray of the shape of t
        """
        alpha, beta, gamma, delta = self._values()
        horizon = as_numbers("t", t)
        require((horizon >= 0) & (horizon == np.floor(horizon)), "t must be whole and >= 0", horizon)
        survival = _survival(gamma, delta, 0, _opportunities_ahead(horizon.max(initial=0.0)))
        so_far = np.concatenate([[0.0], np.cumsum(survival)])
        return np.asarray(alpha / (alpha + beta) * so_far[horizon.astype(np.intp)])

    def _per_history(self, t: int, x: Any, t_x: Any, n: Any) -> FloatArray:
        """P(alive at n + 1) for t = 0, expected purchases at the next t opportunities otherwise."""
        alpha, beta, gamma, delta = self._values()
        x, t_x, n = as_numbers("frequency", x), as_numbers("recency", t_x), as_numbers("n_opportunities", n)
        try:
            x, t_x, n = np.broadcast_arrays(x, t_x, n)
        except ValueError as problem:
            raise ValueError(
                f"One entry a customer is needed in every array; got frequency {x.shape}, "
                f"recency {t_x.shape}, n_opportunities {n.shape}."
            ) from problem
        _check(x, t_x, n)
        shape = x.shape
        (x, t_x, n), row_of = distinct_rows(x.ravel(), t_x.ravel(), n.ravel())
        params = (alpha, beta, gamma, delta)
        share = expit(_alive_part(params, x, n) - LeavingSums(x, t_x, n).log_sums(params))
        stays = (delta + n) / (gamma + delta + n)
        if t == 0:
            return np.asarray((share * stays)[row_of].reshape(shape))
        ends, end_of = np.unique(n, return_inverse=True)
        ahead = np.array([_survival(gamma, delta, int(end), t).sum() for end in ends])[end_of]
        expected = share * (alpha + x) / (alpha + beta + n) * ahead
        return np.asarray(expected[row_of].reshape(shape))


def _survival(gamma: float, delta: float, n: int, t: int) -> FloatArray:
    """P(alive at n + 1 .. n + t) of one alive at n: B(gamma, delta + n + k) / B(gamma, delta + n)."""
    steps = np.arange(n, n + t, dtype=float)
    return np.asarray(np.cumprod((delta + steps) / (gamma + delta + steps)))


def _opportunities_ahead(t: Any) -> int:
    horizon = as_numbers("t", t)
    if horizon.ndim or horizon < 0 or horizon != np.floor(horizon):
        raise ValueError(f"t must be one whole number of opportunities, 0 or more; got {t}.")
    if horizon > LONGEST_AHEAD:
        raise ValueError(f"t must be at most {LONGEST_AHEAD} opportunities; got {t}.")
    return int(horizon)


def _check(x: FloatArray, t_x: FloatArray, n: FloatArray) -> None:
    for name, column in (("frequency", x), ("recency", t_x), ("n_opportunities", n)):
        whole = (column >= 0) & (column == np.floor(column))
        require(whole, f"{name} must be whole numbers of 0 or more", column)
    needed = f"n_opportunities must be at most {MOST_OPPORTUNITIES} (use ParetoNBD for more)"
    require(n <= MOST_OPPORTUNITIES, needed, n)
    require(t_x <= n, "recency must be at most n_opportunities", t_x)
    require(x <= t_x, "frequency must be at most recency (one purchase an opportunity)", x)
    require((x > 0) | (t_x == 0), "recency must be 0 where frequency is 0", t_x)


def _cautions(rows: WeightedRows) -> list[str]:
    x, _, n = rows.columns
    if not n.any():
        return ["no_time"]
    repeaters = float(rows.weight[x > 0].sum())
    if repeaters == 0:
        return ["no_repeat"]
    return ["few_repeaters"] if repeaters < FEW_REPEATERS else []


def _starts(odds: float) -> list[FloatArray]:
    return [
        np.log([1.0, 0.5 / odds, 0.5, 2.5]),
        np.log([1.0, 1.0 / odds, 1.0, 10.0]),
        np.log([4.0, 4.0 / odds, 2.0, 5.0]),
    ]


def _prior(odds: float) -> WeakPrior:
    contrasts = np.array([[1.0, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]])
    return WeakPrior(contrasts, np.log([1.0, odds, 1.0, 0.2]))


def _alive_part(params: Params, x: FloatArray, n: FloatArray) -> FloatArray:
    """Log of P(history and still alive at n)."""
    alpha, beta, gamma, delta = params
    bought = log_rising(alpha, x) + log_rising(beta, n - x) - log_rising(alpha + beta, n)
    return np.asarray(bought + log_rising(delta, n) - log_rising(gamma + delta, n))


def _log_likelihood(rows: WeightedRows) -> Objective:
    """Log-likelihood with gradient over (log alpha, log beta, log gamma, log delta)."""
    x, t_x, n = rows.columns
    weight = rows.weight
    sums = LeavingSums(x, t_x, n)

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        alpha, beta, gamma, delta = params = _unpacked(theta)
        log_gone, gone_gradient = sums.with_gradient(params)
        alive = _alive_part(params, x, n)
        value = np.logaddexp(alive, log_gone)
        buying, leaving = digamma_rise(alpha + beta, n), digamma_rise(gamma + delta, n)
        alive_gradient = np.stack(
            [
                digamma_rise(alpha, x) - buying,
                digamma_rise(beta, n - x) - buying,
                -leaving,
                digamma_rise(delta, n) - leaving,
            ]
        )
        slope = alive_gradient + np.exp(log_gone - value) * (gone_gradient - alive_gradient)
        return float(weight @ value), np.exp(theta) * (slope @ weight)

    return evaluate


def _unpacked(theta: FloatArray) -> Params:
    alpha, beta, gamma, delta = (float(value) for value in np.exp(theta))
    return alpha, beta, gamma, delta
