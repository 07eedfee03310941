"""Pareto/NBD: buys at a constant rate until an unseen death, which may come at any time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from analytics.clv.arrays import FloatArray, total
from analytics.clv.climbing import Objective
from analytics.clv.death_integral import death_integral
from analytics.clv.logspace import decay_integral, digamma_rise, log1p_exp, log_rising
from analytics.clv.maximum_likelihood import WeakPrior
from analytics.clv.merging import WeightedRows, distinct_rows
from analytics.clv.repeat_purchase import RepeatPurchaseModel


class ParetoNBD(RepeatPurchaseModel):
    """Pareto/NBD model of repeat purchases.

    While alive a customer buys at a rate that is gamma distributed (shape ``r``, ``alpha`` in time) over
    customers; the lifetime is exponential, with a rate that is gamma distributed (shape ``s``, ``beta`` in
    time). Death can come at any time, so one-time buyers have a P(alive) that falls as time goes by.

    Attributes
    ----------
    params_ : dict
        ``r, alpha, s, beta``; alpha and beta in the unit of time of the data. The rest as in ``FittedModel``.

    References
    ----------
    Schmittlein, Morrison, Colombo (1987), Counting your customers: who are they and what will they do next?
    Management Science 33(1), 1-24.
    Fader and Hardie (2005), A note on deriving the Pareto/NBD model and related expressions: likelihood
    equations 18 to 20, E[X(t)] equation 27, P(alive) equations 36 and 37, E[Y(t)] equation 41.

    Examples
    --------
    >>> model = ParetoNBD.from_params({"r": 0.5534, "alpha": 10.578, "s": 0.6061, "beta": 11.669})
    >>> float(model.expected_purchases_new(52).round(2))
    1.47
    """

    names = ("r", "alpha", "s", "beta")
    in_time = (False, True, False, True)

    @staticmethod
    def _starts(rate: float) -> Sequence[FloatArray]:
        return (
            np.log([0.5, 0.3 / rate, 0.5, 0.4]),
            np.log([1.0, 0.7 / rate, 1.0, 2.0]),
            np.log([3.0, 2.0 / rate, 2.0, 8.0]),
        )

    @staticmethod
    def _prior(rate: float) -> WeakPrior:
        contrasts = np.array([[1.0, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]])
        return WeakPrior(contrasts, np.log([1.0, rate, 1.0, 1.0]))

    @classmethod
    def _objective(cls, rows: WeightedRows) -> Objective:
        return _log_likelihood(rows)

    def _alive(self, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
        (x, t_x, T), row_of = distinct_rows(x, t_x, T)
        r, alpha, s, beta = self._values()
        gone = death_integral((r, alpha, s, beta), x, t_x, T, with_means=False)
        return np.asarray(expit(-gone.log_odds_gone)[row_of])

    def _expected_if_alive(self, t: FloatArray, x: FloatArray, T: FloatArray) -> FloatArray:
        r, alpha, s, beta = self._values()
        return (r + x) / (alpha + T) * _expected_lifetime(s, beta + T, t)

    def _expected_new(self, t: FloatArray) -> FloatArray:
        r, alpha, s, beta = self._values()
        return r / alpha * _expected_lifetime(s, beta, t)

    def _draw_if_alive(
        self,
        t: FloatArray,
        x: FloatArray,
        T: FloatArray,
        draws: int,
        random: np.random.Generator,
    ) -> FloatArray:
        r, alpha, s, beta = self._values()
        size = (len(x), draws)
        rate = random.gamma(r + x, 1 / (alpha + T), size)
        leaving = np.maximum(random.gamma(s, 1 / (beta + T), size), 1e-300)
        lifetime = np.minimum(random.exponential(1.0, size) / leaving, t)
        return np.asarray(random.poisson(rate * lifetime), dtype=float)


def _expected_lifetime(s: float, beta: FloatArray | float, t: FloatArray) -> FloatArray:
    """Expected time alive within t: beta / (s - 1) * (1 - (beta / (beta + t))^(s - 1)), also at s = 1."""
    return beta * decay_integral(s - 1.0, np.log1p(t / beta))


def _log_likelihood(rows: WeightedRows) -> Objective:
    """Log-likelihood with gradient over (log r, log alpha, log s, log beta).

    Death is missing data: the gradient is that of the likelihood with a known time of death, averaged over
    what the data say about that time.
    """
    x, t_x, T = rows.columns
    weight = rows.weight
    counts, place = np.unique(x, return_inverse=True)
    customers = np.bincount(place, weights=weight).astype(np.float64)
    purchases = total(weight, x)

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        r, alpha, s, beta = (float(value) for value in np.exp(theta))
        m = r + x
        death = death_integral((r, alpha, s, beta), x, t_x, T)
        waited, lived = np.log1p(T / alpha), np.log1p(T / beta)
        value = (
            total(customers, log_rising(r, counts))
            - total(weight, m * waited + s * lived)
            - purchases * theta[1]
            + total(weight, log1p_exp(death.log_odds_gone))
        )
        gone = weight * expit(death.log_odds_gone)
        alive = weight - gone
        d_r = total(customers, digamma_rise(r, counts)) - total(alive, waited)
        d_r -= total(gone, np.log1p(t_x / alpha) + death.log_alpha)
        d_s = gone.sum() / s - total(alive, lived)
        d_s -= total(gone, np.log1p(t_x / beta) + death.log_beta)
        d_log_alpha = total(alive, (r * T - x * alpha) / (alpha + T))
        d_log_alpha += total(gone, r - m * alpha * death.per_alpha)
        d_log_beta = s * total(alive, T / (beta + T))
        d_log_beta += total(gone, s - (s + 1) * beta * death.per_beta)
        return float(value), np.array([r * d_r, d_log_alpha, s * d_s, d_log_beta])

    return evaluate
