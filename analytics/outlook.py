"""What a group of customers will bring, with an interval of its own: sums over the forecast of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

DEVIATIONS: Final = 1.96
BEST_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a group, in money.

    Parameters
    ----------
    name : str
        The group's code; empty where it has none.
    customers : int
        At least 1.
    so_far : float
        Margin they brought already.
    total, low, high : float
        Expected within the horizon, and its 95% interval.
    """

    name: str
    customers: int
    so_far: float
    total: float
    low: float
    high: float

    def each(self, *, whole: bool = False) -> tuple[float, float, float]:
        """A customer's mean and its interval; ``whole`` adds what each brought already."""
        before = self.so_far / self.customers if whole else 0.0
        mean, low, high = (before + part / self.customers for part in (self.total, self.low, self.high))
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


def outlook(
    row: Mapping[str, Any] | pd.Series, spread: float, *, judged: bool, of: str = "value"
) -> Outlook | None:
    """Give the sums over a group their interval.

    Three relative errors are put together as the root of their sum of squares: ``spread`` (the model's
    and the backtest's, of all customers), chance within the group, and, where the group was not picked
    by what it did lately, the log error of its own backtest.

    Parameters
    ----------
    row : mapping or Series
        A row of ``forecast.valuing.by`` or ``forecast.valuing.overall``.
    spread : float
        ``Forecast.spread``.
    judged : bool
        Whether the group's own backtest counts. Not for groups picked by the forecast itself: that
        they bought in the holdout, or did not, is why they are in the group.
    of : {"value", "at_stake"}

    Returns
    -------
    Outlook or None
        None without customers, or where nothing above 0 is expected, or where the group is judged and
        its backtest has nothing to judge by.
    """
    customers = int(row["customers"])
    if customers < 1 or not row[of] > 0:
        return None
    total = float(row[of])
    own = 0.0
    if judged:
        forecast, happened = float(row["forecast"]), float(row["happened"])
        if not (forecast > 0 and happened > 0):
            return None
        own = math.log(happened / forecast)
    chance = math.sqrt(max(0.0, float(row["chance"]))) / max(float(row["value"]), total * 1e-9)
    factor = math.exp(DEVIATIONS * math.sqrt(spread**2 + own**2 + chance**2))
    name = str(row.get("value_of", ""))
    return Outlook(name, customers, float(row["so_far"]), total, total / factor, total * factor)


def leader(found: list[Outlook], *, least: int, whole: bool) -> tuple[Outlook, float] | None:
    """Name the known group that is worth most a customer, and the mean of all groups.

    Parameters
    ----------
    found : list of Outlook
        One a group, also the unknown one.
    least : int
        Fewer customers are not named.
    whole : bool
        Worth is what was brought already and what is expected; else the latter alone.

    Returns
    -------
    (Outlook, float) or None
        None unless two known groups have ``least`` customers.
    """
    large = [each for each in found if each.name and each.customers >= least]
    if len(large) < 2:
        return None
    everyone = sum(each.each(whole=whole)[0] * each.customers for each in found)
    mean = everyone / sum(each.customers for each in found)
    return max(large, key=lambda each: (each.each(whole=whole)[0], each.name)), mean


def stands_out(first: Outlook, mean: float, *, whole: bool) -> bool:
    """Whether the group's whole interval lies above the mean of everybody."""
    return first.each(whole=whole)[1] > mean
