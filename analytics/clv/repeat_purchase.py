"""What BG/NBD, MBG/NBD and Pareto/NBD have in common: the same data, the same questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np

from analytics.clv.arrays import FloatArray
from analytics.clv.climbing import Objective
from analytics.clv.fit_warnings import warning
from analytics.clv.fitted_model import FittedModel
from analytics.clv.maximum_likelihood import WeakPrior, maximise
from analytics.clv.merging import WeightedRows
from analytics.clv.purchase_history import (
    PurchaseTotals,
    as_horizon,
    broadcast_history,
    purchase_rows,
)

FEW_REPEATERS = 30
NOBODY_LEAVES = 0.999


class RepeatPurchaseModel(FittedModel, ABC):
    """A model of when customers buy and when they silently stop.

    Subclasses give the log-likelihood of distinct rows and the closed forms for one customer.
    """

    in_time: ClassVar[tuple[bool, ...]] = ()
    """Which parameters carry the unit of time."""

    alive_is_churn: ClassVar[bool] = True
    """Whether 1 - P(alive) may be shown as the chance that a customer has left."""

    def fit(self, frequency: Any, recency: Any, T: Any, weights: Any = None) -> Self:
        """Maximum likelihood on one entry a customer.

        Parameters
        ----------
        frequency : array_like, shape (n,)
            x, number of repeat purchases (the first is not counted; at most one a day is usual).
        recency : array_like, shape (n,)
            t_x, time from first to last purchase; 0 where frequency is 0. Any one unit of time.
        T : array_like, shape (n,)
            Time from first purchase to the end of observation, same unit.
        weights : array_like, shape (n,), optional
            How many customers an entry stands for.

        Returns
        -------
        self

        Raises
        ------
        ValueError : impossible input (see ``purchase_history.check_history``).
        """
        rows = purchase_rows(frequency, recency, T, weights)
        totals = PurchaseTotals.of(rows)
        x, t_x, end = rows.columns
        scaled = WeightedRows((x, t_x / totals.unit, end / totals.unit), rows.weight)
        per_unit = -totals.purchases * float(np.log(totals.unit))
        starts, prior = self._starts(totals.rate), self._prior(totals.rate)
        estimate = maximise(self._objective, scaled, starts, prior, per_unit)
        units = np.where(self.in_time, totals.unit, 1.0)
        log_likelihood = estimate.log_likelihood + per_unit
        self._keep_estimate(estimate, units, log_likelihood, self._cautions(totals))
        if totals.repeaters >= FEW_REPEATERS and self._nobody_leaves(rows):
            self.warnings_ = (warning("no_dropout"), *self.warnings_)
        return self

    def probability_alive(self, frequency: Any, recency: Any, T: Any) -> FloatArray:
        """P(alive): the chance that a customer has not stopped for good by the end of T.

        Parameters
        ----------
        frequency, recency, T : array_like
            As in ``fit``; they broadcast.

        Returns
        -------
        ndarray of the broadcast shape, 0..1

        Raises
        ------
        ValueError : impossible input, or not fitted.
        """
        self._require_fit()
        _, x, t_x, end = broadcast_history(0.0, frequency, recency, T)
        return _shaped(self._alive(x.ravel(), t_x.ravel(), end.ravel()), x.shape)

    def expected_purchases(self, t: Any, frequency: Any, recency: Any, T: Any) -> FloatArray:
        """Purchases expected in the next ``t`` units of time, given the customer's history.

        Parameters
        ----------
        t : array_like, >= 0
            Length of the horizon from the end of T, same unit; broadcasts with the rest.
        frequency, recency, T : array_like
            As in ``fit``.

        Returns
        -------
        ndarray of the broadcast shape

        Raises
        ------
        ValueError : impossible input, or not fitted.
        """
        self._require_fit()
        horizon, x, t_x, end = broadcast_history(t, frequency, recency, T)
        alive = self._alive(x.ravel(), t_x.ravel(), end.ravel())
        expected = self._expected_if_alive(horizon.ravel(), x.ravel(), end.ravel())
        return _shaped(alive * expected, x.shape)

    def expected_purchases_new(self, t: Any) -> FloatArray:
        """Repeat purchases expected of a new customer in the ``t`` units of time after the first one.

        Parameters
        ----------
        t : array_like, >= 0

        Returns
        -------
        ndarray of the shape of t

        Raises
        ------
        ValueError : t is negative or not finite, or the model is not fitted.
        """
        self._require_fit()
        horizon = as_horizon(t)
        return _shaped(self._expected_new(horizon.ravel()), horizon.shape)

    def draw_purchases(
        self, t: float, frequency: Any, recency: Any, T: Any, draws: int = 200, seed: int = 0
    ) -> FloatArray:
        """Random numbers of purchases in the next ``t`` units of time, given each history.

        Their spread is the customer's own (rate, lifetime, chance) under the fitted parameters; the
        quantiles are a prediction interval per customer.

        Parameters
        ----------
        t : float, >= 0
        frequency, recency, T : array_like, shape (n,)
        draws : int
        seed : int

        Returns
        -------
        ndarray, shape (n, draws), whole numbers

        Raises
        ------
        ValueError : impossible input, or not fitted.
        """
        self._require_fit()
        horizon, x, t_x, end = broadcast_history(t, frequency, recency, T)
        random = np.random.default_rng(seed)
        alive = self._alive(x.ravel(), t_x.ravel(), end.ravel())[:, None]
        bought = self._draw_if_alive(
            horizon.ravel()[:, None], x.ravel()[:, None], end.ravel()[:, None], draws, random
        )
        return np.where(random.random(bought.shape) < alive, bought, 0.0)

    @classmethod
    @abstractmethod
    def _objective(cls, rows: WeightedRows) -> Objective:
        """Log-likelihood and gradient over log-parameters, on distinct rows (x, t_x, T)."""

    @staticmethod
    @abstractmethod
    def _starts(rate: float) -> Sequence[FloatArray]:
        """Log-parameters to start from, for a mean T of 1 and this rate of repeats."""

    @staticmethod
    @abstractmethod
    def _prior(rate: float) -> WeakPrior:
        """Usual values, for a mean T of 1 and this rate of repeats."""

    @abstractmethod
    def _alive(self, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
        """P(alive) of flat columns."""

    @abstractmethod
    def _expected_if_alive(self, t: FloatArray, x: FloatArray, T: FloatArray) -> FloatArray:
        """Expected purchases of a customer known to be alive at T, flat columns."""

    @abstractmethod
    def _expected_new(self, t: FloatArray) -> FloatArray:
        """Expected repeat purchases of a new customer, flat."""

    @abstractmethod
    def _draw_if_alive(
        self,
        t: FloatArray,
        x: FloatArray,
        T: FloatArray,
        draws: int,
        random: np.random.Generator,
    ) -> FloatArray:
        """Purchases of customers known to be alive at T; columns (n, 1) -> (n, draws)."""

    def _cautions(self, totals: PurchaseTotals) -> list[str]:
        if not totals.observed:
            return ["no_time"]
        if totals.repeaters == 0:
            return ["no_repeat"]
        return ["few_repeaters"] if totals.repeaters < FEW_REPEATERS else []

    def _nobody_leaves(self, rows: WeightedRows) -> bool:
        x, t_x, end = rows.columns
        again = x > 0
        alive = self._alive(x[again], t_x[again], end[again])
        return float(np.average(alive, weights=rows.weight[again])) > NOBODY_LEAVES


def _shaped(values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    return values.reshape(shape)
