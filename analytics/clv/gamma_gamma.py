"""Gamma-Gamma: what a customer's average order is really worth, when only a few orders were seen."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import gammaln

from analytics.clv.arrays import (
    FloatArray,
    as_column,
    as_numbers,
    as_weights,
    require,
    require_same_shape,
    total,
)
from analytics.clv.climbing import Objective
from analytics.clv.fitted_model import FittedModel
from analytics.clv.logspace import digamma_rise, log_rising
from analytics.clv.maximum_likelihood import WeakPrior, maximise
from analytics.clv.merging import WeightedRows

FEW_REPEATERS = 30


class GammaGamma(FittedModel):
    """Gamma-Gamma model of spend per order.

    The value of a customer's orders is gamma distributed (shape ``p``) around a mean of the customer's own;
    the scale of those means is gamma distributed over customers (shape ``q``, scale ``gamma``). The mean is
    taken to be independent of how often a customer buys: check their correlation before use.

    Attributes
    ----------
    params_ : dict
        ``p, q, gamma``; gamma in money. The rest as in ``FittedModel``.
    average_ : float
        Weighted mean of the ``mean_value`` fitted on (money); stands in where the model has no finite mean.

    References
    ----------
    Fader and Hardie (2013), The Gamma-Gamma model of monetary value, note 025: likelihood equation 1a,
    conditional expectation equation 5.
    Fader, Hardie, Lee (2005), RFM and CLV: using iso-value curves for customer base analysis,
    Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> model = GammaGamma.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> float(model.expected_value(0, 0).round(1))
    35.2
    """

    names = ("p", "q", "gamma")
    average_: float | None = None

    def fit(self, frequency: Any, mean_value: Any, weights: Any = None) -> Self:
        """Maximum likelihood on one entry a customer.

        Parameters
        ----------
        frequency : array_like, shape (n,)
            Number of orders behind each mean: repeat purchases, as for the purchase models. Customers with 0
            are left out.
        mean_value : array_like, shape (n,)
            Mean value of those orders, one currency, > 0 where frequency > 0.
        weights : array_like, shape (n,), optional
            How many customers an entry stands for.

        Returns
        -------
        self

        Raises
        ------
        ValueError : shapes differ, a frequency is no whole number, a mean is 0 or negative, nobody repeated.
        """
        x, z = as_column("frequency", frequency), as_column("mean_value", mean_value)
        require_same_shape(frequency=x, mean_value=z)
        weight = as_weights(weights, x.size)
        check_spend(x, z)
        used = (x > 0) & (weight > 0)
        if not used.any():
            raise ValueError(
                "fit() needs at least one customer with frequency > 0; got none. "
                "Use the average order instead."
            )
        x, z, weight = x[used], z[used], weight[used]
        rows = WeightedRows.merge((x, z), weight)
        self.average_ = float(np.average(z, weights=weight))
        scaled = WeightedRows((rows.columns[0], rows.columns[1] / self.average_), rows.weight)
        starts = [np.log([6.0, 4.0, 0.5]), np.log([1.0, 2.0, 1.0]), np.log([20.0, 10.0, 0.5])]
        per_unit = -float(weight.sum() * np.log(self.average_))
        estimate = maximise(_log_likelihood, scaled, starts, _prior(), per_unit)
        log_likelihood = estimate.log_likelihood + per_unit
        codes = ["few_repeaters"] if weight.sum() < FEW_REPEATERS else []
        if estimate.theta[1] <= 0:
            codes.append("mean_undefined")
        self._keep_estimate(estimate, np.array([1.0, 1.0, self.average_]), log_likelihood, codes)
        return self

    def expected_value(self, frequency: Any, mean_value: Any) -> FloatArray:
        """Expected value of a customer's future orders, given the mean of those seen.

        A weighted average of the customer's own mean and that of all; the more orders, the more of one's own.

        Parameters
        ----------
        frequency : array_like
            Orders behind each mean; 0 gives the mean of all customers.
        mean_value : array_like
            Mean value of those orders; ignored where frequency is 0. Broadcasts.

        Returns
        -------
        ndarray of the broadcast shape, money an order

        Raises
        ------
        ValueError : impossible input, or not fitted.
        """
        p, q, gamma = self._values()
        x, z = as_numbers("frequency", frequency), as_numbers("mean_value", mean_value)
        try:
            x, z = np.broadcast_arrays(x, z)
        except ValueError as problem:
            raise ValueError(
                f"One entry a customer is needed in every array; got frequency {x.shape}, "
                f"mean_value {z.shape}."
            ) from problem
        check_spend(x, z)
        spent = np.where(x > 0, x * z, 0.0)
        left = p * x + q - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            value = p * (gamma + spent) / left
        average = self.average_ if self.average_ is not None else p * gamma / q
        return np.asarray(np.where(left > 0, value, np.where(x > 0, z, average)))


def check_spend(x: FloatArray, z: FloatArray) -> None:
    """Refuse orders that cannot be modelled.

    Raises
    ------
    ValueError : frequency is no whole number >= 0, or mean_value is not above 0 where frequency is.
    """
    require((x >= 0) & (x == np.floor(x)), "frequency must be whole numbers of 0 or more", x)
    require(
        (x == 0) | (z > 0),
        "mean_value must be above 0 where frequency is (leave out those who only got refunds)",
        z,
    )


def _prior() -> WeakPrior:
    """Shapes of a few, and a mean of 1 (the data's own)."""
    contrasts = np.array([[1.0, 0, 0], [0, 1, 0], [1, -1, 1]])
    return WeakPrior(contrasts, np.log([4.0, 4.0, 1.0]))


def _log_likelihood(rows: WeightedRows) -> Objective:
    """Log-likelihood with gradient over (log p, log q, log gamma)."""
    x, z = rows.columns
    weight = rows.weight
    counts, place = np.unique(x, return_inverse=True)
    customers = np.bincount(place, weights=weight).astype(np.float64)
    everyone = float(weight.sum())
    spent = x * z
    log_spent = np.log(spent)
    constant = -total(weight, np.log(z))

    def evaluate(theta: FloatArray) -> tuple[float, FloatArray]:
        p, q, gamma = (float(value) for value in np.exp(theta))
        orders = p * counts
        # log(gamma + spent) is split off log(spent): what is left is small where p is large
        beside = np.log1p(gamma / spent)
        above = log_spent + beside
        value = (
            total(customers, log_rising(orders, q))
            + everyone * (q * theta[2] - gammaln(q))
            + constant
            - total(weight, p * x * beside + q * above)
        )
        d_p = total(customers, counts * digamma_rise(orders, q)) - total(weight, x * beside)
        d_q = total(customers, digamma_rise(q, orders)) + everyone * theta[2] - total(weight, above)
        d_log_gamma = total(weight, (q * spent - p * x * gamma) / (gamma + spent))
        return float(value), np.array([p * d_p, q * d_q, d_log_gamma])

    return evaluate
