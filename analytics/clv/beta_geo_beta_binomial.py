"""BG/BB: at each of n opportunities a customer buys or not, and may leave before any of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import betaln, psi

from analytics.clv.arrays import (
    FloatArray,
    IntArray,
    as_column,
    as_numbers,
    as_weights,
    require,
    require_same_shape,
)
from analytics.clv.climbing import Objective
from analytics.clv.fitted_model import FittedModel
from analytics.clv.logspace import log_rising
from analytics.clv.maximum_likelihood import WeakPrior, maximise
from analytics.clv.merging import WeightedRows, distinct_rows

FEW_REPEATERS = 30
MOST_OPPORTUNITIES = 20_000


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
    Marketing Science 29(6), 1086-1108: likelihood equation 5, E[X(n)] equation 7, P(alive) equation A10,
    conditional expectation equation 13.

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

    def expected_purchases(
        self, t: Any, frequency: Any, recency: Any, n_opportunities: Any
    ) -> FloatArray:
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
        given = [as_numbers(name, v) for name, v in zip(("frequency", "recency", "n"), (x, t_x, n))]
        try:
            x, t_x, n = np.broadcast_arrays(*given)
        except ValueError as problem:
            shapes = [column.shape for column in given]
            raise ValueError(f"One entry a customer is needed in every array; got {shapes}.") from problem
        _check(x, t_x, n)
        shape = x.shape
        (x, t_x, n), row_of = distinct_rows(x.ravel(), t_x.ravel(), n.ravel())
        tables = _DeathTables(x, t_x, n)
        log_gone, _ = tables.evaluate(alpha, beta, gamma, delta)
        alive = betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)
        share = 1 / (1 + np.exp(np.minimum(log_gone - alive, 700.0)))
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
    if horizon > MOST_OPPORTUNITIES:
        raise ValueError(f"t must be at most {MOST_OPPORTUNITIES} opportunities; got {t}.")
    return int(horizon)


def _check(x: FloatArray, t_x: FloatArray, n: FloatArray) -> None:
    for name, column in (("frequency", x), ("recency", t_x), ("n_opportunities", n)):
        whole = (column >= 0) & (column == np.floor(column))
        require(whole, f"{name} must be whole numbers of 0 or more", column)
    require(n <= MOST_OPPORTUNITIES, f"n_opportunities must be at most {MOST_OPPORTUNITIES}", n)
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


class _DeathTables:
    """Sums over the unseen time of death, for distinct histories.

    The terms depend on (x, k) alone and each sum runs from k = t_x to n - 1, so one backward pass over k for
    each distinct (x, n) serves every t_x.
    """

    def __init__(self, x: FloatArray, t_x: FloatArray, n: FloatArray) -> None:
        (self.x, self.n), self.pair_of = distinct_rows(x, n)
        self.start: IntArray = t_x.astype(np.intp)
        self.longest = int(n.max())

    def evaluate(
        self, alpha: float, beta: float, gamma: float, delta: float, with_gradient: bool = False
    ) -> tuple[FloatArray, FloatArray]:
        """log of the summed terms (minus infinity for none), and its gradient, per history."""
        rows = len(self.start)
        log_sum, gradient = np.full(rows, -np.inf), np.zeros((4, rows))
        running, mean = np.full(len(self.x), -np.inf), np.zeros((4, len(self.x)))
        wanted = np.argsort(self.start, kind="stable")
        bounds = np.searchsorted(self.start[wanted], np.arange(self.longest + 2))
        for k in range(self.longest - 1, -1, -1):
            on = (self.x <= k) & (k < self.n)
            x = self.x[on]
            term = betaln(alpha + x, beta + k - x) + betaln(gamma + 1, delta + k)
            joined = np.logaddexp(running[on], term)
            if with_gradient:
                share = np.exp(term - joined)
                mean[:, on] += share * (_term_gradient(alpha, beta, gamma, delta, x, k) - mean[:, on])
            running[on] = joined
            here = wanted[bounds[k] : bounds[k + 1]]
            log_sum[here] = running[self.pair_of[here]]
            gradient[:, here] = mean[:, self.pair_of[here]]
        return log_sum, gradient


def _term_gradient(
    alpha: float, beta: float, gamma: float, delta: float, x: FloatArray, k: int
) -> FloatArray:
    """Gradient of log B(alpha + x, beta + k - x) + log B(gamma + 1, delta + k)."""
    buying, leaving = psi(alpha + beta + k), psi(gamma + 1 + delta + k)
    return np.stack(
        [
            psi(alpha + x) - buying,
            psi(beta + k - x) - buying,
            np.full(len(x), psi(gamma + 1) - leaving),
            np.full(len(x), psi(delta + k) - leaving),
        ]
    )


def _log_likelihood(rows: WeightedRows) -> Objective:
    """Log-likelihood with gradient over (log alpha, log beta, log gamma, log delta)."""
    x, t_x, n = rows.columns
    weight = rows.weight
    tables = _DeathTables(x, t_x, n)

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        alpha, beta, gamma, delta = (float(value) for value in np.exp(theta))
        log_gone, gone_gradient = tables.evaluate(alpha, beta, gamma, delta, True)
        alive = (
            log_rising(alpha, x) + log_rising(beta, n - x) - log_rising(alpha + beta, n)
            + log_rising(delta, n) - log_rising(gamma + delta, n)
        )
        log_gone = log_gone - betaln(alpha, beta) - betaln(gamma, delta)
        value = np.logaddexp(alive, log_gone)
        share = np.exp(log_gone - value)
        buying, leaving = psi(alpha + beta + n), psi(gamma + delta + n)
        alive_gradient = np.stack(
            [
                psi(alpha + x) - buying,
                psi(beta + n - x) - buying,
                psi(gamma) - leaving,
                psi(delta + n) - leaving,
            ]
        )
        both, leave = psi(alpha + beta), psi(gamma + delta)
        norm = np.array([psi(alpha) - both, psi(beta) - both, psi(gamma) - leave, psi(delta) - leave])
        slope = alive_gradient + share * (gone_gradient - alive_gradient) - norm[:, None]
        return float(weight @ value), np.exp(theta) * (slope @ weight)

    return evaluate
