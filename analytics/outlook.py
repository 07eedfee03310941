"""What a group of customers will bring, with an interval of its own: sums over the forecast of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from analytics.best_group import DEVIATIONS, Group

BEST_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a group, in money.

    Parameters
    ----------
    customers : int
        At least 1.
    total, low, high : float
        Expected within the horizon, and its 95% interval.
    """

    customers: int
    total: float
    low: float
    high: float

    def each(self) -> tuple[float, float, float]:
        """A customer's mean and its interval."""
        mean, low, high = (part / self.customers for part in (self.total, self.low, self.high))
        return mean, low, high


def best(valued: ir.Table, share: float = BEST_SHARE) -> ir.Table:
    """Return the rows with the highest expected value: that share of the customers, rounded up.

    Raises
    ------
    ValueError : a share outside 0..1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must lie above 0 and at most at 1; got {share}.")
    place = ibis.row_number().over(order_by=[ibis.desc(valued["value"]), valued.customer_key])
    numbered = valued.mutate(place=place, everyone=valued.count().over())
    kept = numbered.place < (numbered.everyone * share).ceil()
    return numbered.filter(kept).drop("place", "everyone")


def outlook(row: Mapping[str, Any] | pd.Series, spread: float, *, of: str = "value") -> Outlook | None:
    """Give the sums over a group their interval.

    Two relative errors are put together as the root of their sum of squares: ``spread`` (the model's and
    the backtest's, of all customers) and chance within the group. The group's own backtest does not
    count: that they bought in the holdout, or did not, is why they are in the group.

    Parameters
    ----------
    row : mapping or Series
        A row of ``forecast.valuing.overall``.
    spread : float
        ``Forecast.spread``.
    of : {"value", "at_stake"}

    Returns
    -------
    Outlook or None
        None without customers, or where nothing above 0 is expected.
    """
    customers = int(row["customers"])
    if customers < 1 or not row[of] > 0:
        return None
    total = float(row[of])
    chance = math.sqrt(max(0.0, float(row["chance"]))) / max(float(row["value"]), total * 1e-9)
    factor = math.exp(DEVIATIONS * math.hypot(spread, chance))
    return Outlook(customers, total, total / factor, total * factor)


def seen(row: Mapping[str, Any] | pd.Series, *, whole: bool) -> Group | None:
    """A group by its forecast, with the error of its mean as that of customers of its kind.

    Parameters
    ----------
    row : mapping or Series
        A row of ``forecast.valuing.by``.
    whole : bool
        Worth is what was brought already and what is expected; else the latter alone.

    Returns
    -------
    Group or None
        Its error holds that other customers of the kind differ from these, and the log error of the
        group's own backtest. None without a name, where nothing above 0 is expected, or where the
        backtest has nothing to judge the group by.
    """
    customers, name = int(row["customers"]), str(row["value_of"])
    forecast, happened = float(row["forecast"]), float(row["happened"])
    mean = (float(row["value"]) + (float(row["so_far"]) if whole else 0.0)) / customers
    if not name or not row["value"] > 0 or not (forecast > 0 and happened > 0) or not math.isfinite(mean):
        return None
    variance = row["worth_variance" if whole else "value_variance"]
    drawn = math.sqrt(float(variance) / customers) if customers > 1 else abs(mean)
    own = math.log(happened / forecast) * float(row["value"]) / customers
    return Group(name, customers, mean, math.hypot(drawn, own))
