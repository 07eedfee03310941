"""Checks on what the models of repeat purchases are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.clv.arrays import (
    FloatArray,
    as_column,
    as_numbers,
    as_weights,
    require,
    require_same_shape,
    total,
)
from analytics.clv.merging import WeightedRows

ROUNDING = 1e-9


@dataclass(frozen=True)
class PurchaseTotals:
    """What a whole data set says before any model.

    Attributes
    ----------
    unit : float
        Mean T of those observed for some time (1 when nobody was), in the data's unit of time.
    rate : float
        Repeat purchases per customer and ``unit``, half a purchase added so that it is positive.
    purchases : float
        Repeat purchases of all customers.
    repeaters, customers : float
        Weighted counts.
    observed : bool
        Someone was observed for some time.
    """

    unit: float
    rate: float
    purchases: float
    repeaters: float
    customers: float
    observed: bool

    @classmethod
    def of(cls, rows: WeightedRows) -> PurchaseTotals:
        """Totals of rows (x, t_x, T)."""
        x, _, T = rows.columns
        weight = rows.weight
        exposure = total(weight, T)
        customers = float(weight.sum())
        seen = float(weight[T > 0].sum())
        unit = exposure / seen if exposure > 0 else 1.0
        purchases = total(weight, x)
        rate = (purchases + 0.5) / (exposure / unit + 0.5)
        repeaters = float(weight[x > 0].sum())
        return cls(unit, rate, purchases, repeaters, customers, exposure > 0)


def purchase_rows(frequency: Any, recency: Any, T: Any, weights: Any = None) -> WeightedRows:
    """Checked and merged rows (x, t_x, T) to fit a model on.

    Raises
    ------
    ValueError : arrays of different shapes, empty, not finite, or impossible (see ``check_history``).
    """
    x, t_x, end = (
        as_column(name, values) for name, values in (("frequency", frequency), ("recency", recency), ("T", T))
    )
    require_same_shape(frequency=x, recency=t_x, T=end)
    check_history(x, t_x, end)
    return WeightedRows.merge((x, np.minimum(t_x, end), end), as_weights(weights, x.size))


def broadcast_history(
    t: Any, frequency: Any, recency: Any, T: Any
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Checked arrays (t, x, t_x, T) of one common shape, to predict for.

    Raises
    ------
    ValueError : shapes that do not fit together, not finite, or impossible.
    """
    columns = {
        "t": as_horizon(t),
        "frequency": as_numbers("frequency", frequency),
        "recency": as_numbers("recency", recency),
        "T": as_numbers("T", T),
    }
    try:
        horizon, x, t_x, end = np.broadcast_arrays(*columns.values())
    except ValueError as problem:
        listed = ", ".join(f"{name} {column.shape}" for name, column in columns.items())
        raise ValueError(f"One entry a customer is needed in every array; got {listed}.") from problem
    check_history(x, t_x, end)
    return horizon, x, np.minimum(t_x, end), end


def as_horizon(t: Any) -> FloatArray:
    """A length of time ahead, 0 or more.

    Raises
    ------
    ValueError : negative or not finite.
    """
    horizon = as_numbers("t", t)
    require(horizon >= 0, "t must be 0 or more", horizon)
    return horizon


def check_history(x: FloatArray, t_x: FloatArray, T: FloatArray) -> None:
    """Refuse histories that cannot have happened.

    Raises
    ------
    ValueError : frequency is no whole number >= 0; recency or T is negative; recency is above T; recency
        is not 0 without a repeat purchase; or there is a repeat purchase in no time at all (T = 0).
    """
    require((x >= 0) & (x == np.floor(x)), "frequency must be whole numbers of 0 or more", x)
    require(t_x >= 0, "recency must be 0 or more", t_x)
    require(T >= 0, "T must be 0 or more", T)
    require(t_x <= T * (1 + ROUNDING), "recency (first to last purchase) must be at most T", t_x)
    require((x > 0) | (t_x == 0), "recency must be 0 where frequency (repeats) is 0", t_x)
    require((T > 0) | (x == 0), "frequency (repeats) must be 0 where T is 0", x)
