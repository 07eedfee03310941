"""Recency, frequency, monetary value: scores, cut-offs that can be seen, groups of customers.

A score is read off cut-offs, so equal values always get equal scores, however many customers
share them, and the person can see and change what a score means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.results import one_row

BINS: Final = (3, 4, 5)
"""How many scores there may be; the best is the highest."""

TOLERANCE: Final = 1e-6
"""Values closer than this are equal: sums of money in floating point differ in their last digits."""

MEASURES: Final = ("recency_days", "frequency", "monetary_value")


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The upper ends of all bins but the last, ascending, for each of the three measures.

    A customer who took 30 days or less to come back with cut-offs (30, 60, 120, 240) has recency
    score 5; one with at most 1 order with (1, 2, 4, 8) has frequency score 1. Neighbouring
    cut-offs may be equal (many one-time buyers): the scores between them then stay empty.

    Raises
    ------
    ValueError : not 2 to 4 of each, different numbers of them, or not ascending.
    """

    recency_days: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary_value: tuple[float, ...]

    def __post_init__(self) -> None:
        for measure in MEASURES:
            values = getattr(self, measure)
            if len(values) + 1 not in BINS or len(values) != len(self.recency_days):
                raise ValueError(
                    f"{measure} needs one cut-off fewer than there are bins (3 to 5), the same "
                    f"number for all three; got {values}."
                )
            if any(later < earlier for earlier, later in pairwise(values)):
                raise ValueError(f"The cut-offs of {measure} must ascend; got {values}.")

    @property
    def bins(self) -> int:
        """How many scores there are."""
        return len(self.recency_days) + 1


def measures(facts: ir.Table, as_of: date) -> ir.Table:
    """Recency, frequency and monetary value of every customer with a purchase.

    Parameters
    ----------
    facts : ibis Table, one row per order
        ``customer_key``, ``day``, ``is_purchase``, ``amount``.
    as_of : date
        The day recency is counted back from.

    Returns
    -------
    ibis Table, one row per customer
        ``customer_key``, ``recency_days`` (since the last purchase), ``frequency`` (purchases),
        ``monetary_value`` (revenue over all orders, currency of the workspace).
    """
    known = facts.filter(facts.customer_key.notnull() & (facts.day <= ibis.literal(as_of)))
    each = known.group_by("customer_key").aggregate(
        last_day=known.day.max(where=known.is_purchase),
        frequency=count_where(known, known.is_purchase),
        monetary_value=known.amount.sum(),
    )
    each = each.filter(each.frequency > 0)
    recency = ibis.literal(as_of).delta(each.last_day, unit="day")
    return each.select("customer_key", "frequency", "monetary_value", recency_days=recency.cast("int32"))


def quantile_cutoffs(measured: ir.Table, bins: int = 5) -> Cutoffs | None:
    """Cut-offs that put about equally many customers into each bin, as far as ties allow.

    Linear quantiles (type 7 of Hyndman and Fan 1996, the default of numpy), the same on each
    engine.

    Returns
    -------
    Cutoffs, or None without customers.

    Raises
    ------
    ValueError : ``bins`` is not 3, 4 or 5.
    """
    if bins not in BINS:
        raise ValueError(f"bins takes {list(BINS)}; got {bins}.")
    steps = [k / bins for k in range(1, bins)]
    asked = {measure: measured[measure].cast("float64").quantile(steps) for measure in MEASURES}
    found = one_row(measured.aggregate(**asked))
    if any(values is None or None in values for values in found.values()):
        return None
    recency, frequency, money = (_ascending(found[measure]) for measure in MEASURES)
    return Cutoffs(recency, frequency, money)


def score(measured: ir.Table, cutoffs: Cutoffs) -> ir.Table:
    """Add the three scores, 1 to ``cutoffs.bins``; the highest is the best.

    Returns
    -------
    ibis Table
        The columns of ``measured`` and ``r``, ``f``, ``m`` (int32).
    """
    r, f, m = scores(measured.recency_days, measured.frequency, measured.monetary_value, cutoffs)
    return measured.mutate(r=r, f=f, m=m)


def scores(
    recency_days: ir.NumericColumn,
    frequency: ir.NumericColumn,
    monetary_value: ir.NumericColumn,
    cutoffs: Cutoffs,
) -> tuple[ir.IntegerColumn, ir.IntegerColumn, ir.IntegerColumn]:
    """Return the three scores (int32) of columns under any names."""
    return (
        (cutoffs.bins - _passed(recency_days, cutoffs.recency_days)).cast("int32"),
        (1 + _passed(frequency, cutoffs.frequency)).cast("int32"),
        (1 + _passed(monetary_value, cutoffs.monetary_value)).cast("int32"),
    )


def heat(scored: ir.Table) -> ir.Table:
    """Customers and revenue by recency and frequency score.

    Returns
    -------
    ibis Table, one row per (r, f) that occurs
        ``r``, ``f``, ``customers``, ``revenue``.
    """
    return scored.group_by("r", "f").aggregate(customers=scored.count(), revenue=scored.monetary_value.sum())


def _passed(value: ir.NumericColumn, cutoffs: tuple[float, ...]) -> ir.IntegerValue:
    """Count the cut-offs below a value by more than the tolerance."""
    count = ibis.literal(0)
    for cutoff in cutoffs:
        count = count + (value > cutoff + TOLERANCE).cast("int32")
    return count


def _ascending(quantiles: list[float]) -> tuple[float, ...]:
    """Take the last digits of interpolating between equal values out."""
    return tuple(accumulate((round(float(value), 6) for value in quantiles), max))
