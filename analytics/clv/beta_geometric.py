"""Shared by BG/NBD and MBG/NBD: a gamma-Poisson buyer who may leave after a purchase, with a beta chance.

The two differ in one thing: in the BG/NBD the first chance to leave comes with the first *repeat*
purchase (``chances_at_start`` = 0), in the MBG/NBD already with the very first purchase (1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from scipy.special import expit

from analytics.clv.arrays import FloatArray, total
from analytics.clv.climbing import Objective
from analytics.clv.leaving_integral import purchases_before_leaving
from analytics.clv.logspace import digamma_rise, log1p_exp, log_rising
from analytics.clv.maximum_likelihood import WeakPrior
from analytics.clv.merging import WeightedRows, distinct_rows
from analytics.clv.repeat_purchase import RepeatPurchaseModel


class BetaGeometricModel(RepeatPurchaseModel):
    """Parameters r, alpha (gamma; alpha in time) of the purchase rate and a, b (beta) of leaving."""

    names = ("r", "alpha", "a", "b")
    in_time = (False, True, False, False)
    chances_at_start: ClassVar[int] = 0

    @staticmethod
    def _starts(rate: float) -> Sequence[FloatArray]:
        return (
            np.log([0.5, 0.3 / rate, 0.8, 2.5]),
            np.log([1.0, 0.8 / rate, 0.3, 3.0]),
            np.log([3.0, 2.0 / rate, 2.0, 4.0]),
        )

    @staticmethod
    def _prior(rate: float) -> WeakPrior:
        contrasts = np.array([[1.0, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]])
        return WeakPrior(contrasts, np.log([1.0, rate, 1.0, 0.3]))

    @classmethod
    def _objective(cls, rows: WeightedRows) -> Objective:
        return _log_likelihood(rows, cls.chances_at_start)

    def _alive(self, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
        r, alpha, a, b = self._values()
        log_odds = (
            np.log(a)
            - _log_stays(b, x, self.chances_at_start)
            + (r + x) * np.log1p((T - t_x) / (alpha + t_x))
        )
        return np.asarray(expit(-log_odds))

    def _expected_if_alive(self, t: FloatArray, x: FloatArray, T: FloatArray) -> FloatArray:
        (x, T, t), row_of = distinct_rows(x, T, t)
        r, alpha, a, b = self._values()
        second = b + x + self.chances_at_start
        return purchases_before_leaving(a, second, r + x, t / (alpha + T))[row_of]

    def _expected_new(self, t: FloatArray) -> FloatArray:
        r, alpha, a, b = self._values()
        stays = (b / (a + b)) if self.chances_at_start else 1.0
        second = np.full_like(t, b + self.chances_at_start)
        return stays * purchases_before_leaving(a, second, np.full_like(t, r), t / alpha)

    def _draw_if_alive(
        self,
        t: FloatArray,
        x: FloatArray,
        T: FloatArray,
        draws: int,
        random: np.random.Generator,
    ) -> FloatArray:
        r, alpha, a, b = self._values()
        size = (len(x), draws)
        wishes = random.poisson(random.gamma(r + x, 1 / (alpha + T), size) * t)
        leaving = random.beta(a, b + x + self.chances_at_start, size)
        last = random.geometric(np.maximum(leaving, 1e-15))
        return np.asarray(np.minimum(wishes, last), dtype=float)


def _log_stays(b: float, x: FloatArray, chances_at_start: int) -> FloatArray:
    """log(b + chances - 1); plus infinity where no chance to leave has come yet."""
    chances = x + chances_at_start
    return np.where(chances > 0, np.log(np.where(chances > 0, b + chances - 1, 1.0)), np.inf)


def _log_likelihood(rows: WeightedRows, chances_at_start: int) -> Objective:
    """Log-likelihood with gradient over (log r, log alpha, log a, log b)."""
    x, t_x, T = rows.columns
    weight = rows.weight
    counts, place = np.unique(x, return_inverse=True)
    customers = np.bincount(place, weights=weight).astype(np.float64)
    chances = counts + chances_at_start
    purchases = total(weight, x)
    idle = T - t_x

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        r, alpha, a, b = (float(value) for value in np.exp(theta))
        m = r + x
        waited = np.log1p(T / alpha)
        log_odds_x = np.log(a) - _log_stays(b, counts, chances_at_start)
        log_odds = log_odds_x[place] + m * np.log1p(idle / (alpha + t_x))
        gone = expit(log_odds) * weight
        value = (
            total(customers, log_rising(r, counts) + log_rising(b, chances) - log_rising(a + b, chances))
            - total(weight, m * waited)
            - purchases * theta[1]
            + total(weight, log1p_exp(log_odds))
        )
        gone_x = np.bincount(place, weights=gone, minlength=len(counts)).astype(np.float64)
        both = total(customers, digamma_rise(a + b, chances))
        stay = np.where(chances > 0, 1 / np.where(chances > 0, b + chances - 1, 1.0), 0.0)
        d_r = total(customers, digamma_rise(r, counts)) - total(weight, waited)
        d_r += total(gone, np.log1p(idle / (alpha + t_x)))
        pull = (r * T - x * alpha) / (alpha + T)
        d_log_alpha = total(weight, pull)
        d_log_alpha -= total(gone, m * alpha * idle / ((alpha + T) * (alpha + t_x)))
        d_a = gone_x.sum() / a - both
        d_b = total(customers, digamma_rise(b, chances)) - both - total(gone_x, stay)
        return float(value), np.array([r * d_r, d_log_alpha, a * d_a, b * d_b])

    return evaluate
