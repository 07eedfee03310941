"""The sum over the unseen time of leaving in the BG/BB, for many histories at once."""

from __future__ import annotations

import numpy as np

from analytics.clv.arrays import FloatArray, IntArray
from analytics.clv.logspace import digamma_rise, log_rising
from analytics.clv.merging import distinct_rows

Params = tuple[float, float, float, float]


class LeavingSums:
    """Probability of a history that ended by leaving before the last opportunity.

    Its terms depend on (x, k) alone, k being the last opportunity alive, and the sum runs from k = t_x to
    n - 1: so one backward accumulation for each distinct (x, n) serves every t_x.

    Parameters
    ----------
    x, t_x, n : ndarray, shape (m,)
        Whole numbers, x <= t_x <= n.
    """

    def __init__(self, x: FloatArray, t_x: FloatArray, n: FloatArray) -> None:
        (pair_x, pair_n), self.pair_of = distinct_rows(x, n)
        self.longest = max(int(n.max()), 1)
        self.x: IntArray = pair_x.astype(np.intp)
        self.start: IntArray = np.minimum(t_x, self.longest - 1).astype(np.intp)
        self.none_left = t_x >= n
        k = np.arange(self.longest)
        self.possible = (k >= self.x[:, None]) & (k < pair_n[:, None])
        self.missed = np.where(self.possible, k - self.x[:, None], 0)

    def log_sums(self, params: Params) -> FloatArray:
        """Log of the sum, per history; minus infinity where t_x = n.

        References
        ----------
        Fader, Hardie, Shang (2010), the sum over the time of leaving in the likelihood of a random customer.
        """
        return self._at_start(np.logaddexp.accumulate(self._terms(params)[:, ::-1], axis=1)[:, ::-1])

    def with_gradient(self, params: Params) -> tuple[FloatArray, FloatArray]:
        """``log_sums`` and its gradient over (alpha, beta, gamma, delta), shape (4, m); 0 without terms."""
        alpha, beta, gamma, delta = params
        terms = self._terms(params)
        sums = self._at_start(np.logaddexp.accumulate(terms[:, ::-1], axis=1)[:, ::-1])
        highest = terms.max(axis=1, keepdims=True)
        mass = np.exp(terms - np.where(np.isfinite(highest), highest, 0.0))
        k = np.arange(self.longest, dtype=float)
        buying = digamma_rise(alpha + beta, k)
        leaving = digamma_rise(gamma + delta, k + 1)
        skipped = digamma_rise(beta, k)[self.missed]
        bought = digamma_rise(alpha, self.x.astype(float))[self.pair_of]
        mean_buying = self._mean(mass, np.broadcast_to(buying, mass.shape))
        mean_leaving = self._mean(mass, np.broadcast_to(leaving, mass.shape))
        gradient = np.stack(
            [
                bought - mean_buying,
                self._mean(mass, skipped) - mean_buying,
                1 / gamma - mean_leaving,
                self._mean(mass, np.broadcast_to(digamma_rise(delta, k), mass.shape)) - mean_leaving,
            ]
        )
        return sums, np.where(self.none_left, 0.0, gradient)

    def _terms(self, params: Params) -> FloatArray:
        """Log of each term, shape (pairs, longest); minus infinity outside x <= k < n."""
        alpha, beta, gamma, delta = params
        k = np.arange(self.longest, dtype=float)
        staying = np.log(gamma) + log_rising(delta, k) - log_rising(gamma + delta, k + 1)
        bought = log_rising(alpha, self.x.astype(float))[:, None]
        terms = bought + log_rising(beta, k)[self.missed] + (staying - log_rising(alpha + beta, k))
        return np.where(self.possible, terms, -np.inf)

    def _at_start(self, table: FloatArray) -> FloatArray:
        return np.where(self.none_left, -np.inf, table[self.pair_of, self.start])

    def _mean(self, mass: FloatArray, values: FloatArray) -> FloatArray:
        """Mean of values over k >= t_x, weighted by mass; where the mass underflowed its first term rules."""
        above = np.cumsum((mass * values)[:, ::-1], axis=1)[:, ::-1][self.pair_of, self.start]
        below = np.cumsum(mass[:, ::-1], axis=1)[:, ::-1][self.pair_of, self.start]
        first = values[self.pair_of, self.start]
        return np.where(below > 0, above / np.where(below > 0, below, 1.0), first)
