"""Who is still there: retention and repeat rate, by formula and from the orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.figures import Figure, ratio
from analytics.lifecycle import Windows


@dataclass(frozen=True, slots=True)
class Retention:
    """How a base of customers changed between two days; rates are 0..1.

    ``start`` customers were active at the start, ``end`` at the end; of those at the end ``new``
    first bought in between and ``won_back`` had lapsed before the start.
    """

    start: float
    end: float
    new: float
    won_back: float = 0.0

    def __post_init__(self) -> None:
        for name in ("start", "end", "new", "won_back"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} cannot be negative; got {getattr(self, name)}.")
        if self.new + self.won_back > self.end:
            raise ValueError(
                f"Of {self.end:g} customers at the end, {self.new:g} new and {self.won_back:g} won "
                "back are more than there are; count only those still active."
            )
        if self.kept > self.start:
            raise ValueError(
                f"{self.kept:g} customers would have been kept of {self.start:g}; at the end there "
                "must be more new or won back customers, or fewer customers."
            )

    @property
    def kept(self) -> float:
        """Customers of the start who are still active."""
        return self.end - self.new - self.won_back

    @property
    def lost(self) -> float:
        """Customers of the start who are not active any more."""
        return self.start - self.kept

    @property
    def rate(self) -> float | None:
        """Retention rate; None where nobody was there at the start."""
        return self.kept / self.start if self.start else None

    @property
    def churn(self) -> float | None:
        """The rest to 1; None where nobody was there at the start."""
        return self.lost / self.start if self.start else None


def retention(start: float, end: float, new: float = 0.0, won_back: float = 0.0) -> Retention:
    """Retention and churn from four counts, for a talk without data.

    Parameters
    ----------
    start, end : float
        Active customers at the start and at the end.
    new : float
        First bought in between and still active at the end.
    won_back : float
        Lapsed before the start, active at the end.

    Raises
    ------
    ValueError : a negative count, or counts that cannot be true together.

    Examples
    --------
    >>> retention(2000, 2300, new=500).rate
    0.9
    >>> retention(2000, 2300, new=500, won_back=100).rate
    0.85
    """
    return Retention(start, end, new, won_back)


def retention_from_lost(start: float, lost: float) -> Retention:
    """Retention where only the number of lost customers is known.

    Examples
    --------
    >>> retention_from_lost(2000, 200).churn
    0.1
    """
    if not 0 <= lost <= start:
        raise ValueError(f"lost must lie between 0 and {start:g}; got {lost:g}.")
    return Retention(start, start - lost, 0.0)


def repeat_rate(customers: float, repeaters: float) -> float | None:
    """Share of customers with two or more orders; None without customers.

    Raises
    ------
    ValueError : a negative count, or more repeaters than customers.

    Examples
    --------
    >>> repeat_rate(1000, 300)
    0.3
    """
    if not 0 <= repeaters <= customers:
        raise ValueError(f"repeaters must lie between 0 and {customers:g}; got {repeaters:g}.")
    return repeaters / customers if customers else None


def customer_counts(history: ir.Table, start: date, end: date, windows: Windows) -> ir.Table:
    """Return the counts of customers behind a window, in one pass over the orders.

    Active on a day means a purchase among the last ``windows.lapse_days`` days up to that day; the
    start is the evening before ``start``.

    Parameters
    ----------
    history : ibis Table, one row per order
        ``scope.facts(..., history=True)``: also what lies before the window.

    Returns
    -------
    ibis Table, one row
        ``customers`` (bought in the window), ``repeaters`` (at least twice in it), ``active``
        (at the end), ``active_start``, ``new_active`` (first purchase of all in the window,
        active at the end), ``kept`` (active at both ends), ``won_back`` (the rest of ``active``;
        under a filter on store, channel or category this holds those who bought elsewhere
        before).
    """
    each = _each(history, start, end, windows)
    new = each.is_new > 0
    return each.aggregate(
        customers=count_where(each, each.window_orders >= 1),
        repeaters=count_where(each, each.window_orders >= 2),
        active=count_where(each, each.active),
        active_start=count_where(each, each.active_start),
        new_active=count_where(each, each.active & new & ~each.active_start),
        kept=count_where(each, each.active & each.active_start),
        won_back=count_where(each, each.active & ~each.active_start & ~new),
    )


def kept_by(
    history: ir.Table, groups: ir.Table, by: str, start: date, end: date, windows: Windows
) -> ir.Table:
    """Those behind the retention rate of each group of customers.

    Parameters
    ----------
    history, start, end, windows : as for :func:`customer_counts`
    groups : ibis Table, one row per customer
        ``customer_key`` and the column ``by``; customers without a row are left out.
    by : str

    Returns
    -------
    ibis Table, one row per group with a customer
        ``by``, ``active_start``, ``kept`` (of these).
    """
    each = _each(history, start, end, windows).inner_join(groups.select("customer_key", by), "customer_key")
    return each.group_by(by).aggregate(
        active_start=count_where(each, each.active_start),
        kept=count_where(each, each.active & each.active_start),
    )


def _each(history: ir.Table, start: date, end: date, windows: Windows) -> ir.Table:
    """Who bought in the window or is active at one of its ends: orders inside, and the two ends."""
    lapse = timedelta(days=windows.lapse_days)
    eve = start - timedelta(days=1)
    needed_from = min(eve, end) - lapse
    bought = history.filter(
        history.is_purchase
        & history.customer_key.notnull()
        & (history.day > ibis.literal(needed_from))
        & (history.day <= ibis.literal(end))
    )
    inside = bought.day >= ibis.literal(start)
    each = bought.group_by("customer_key").aggregate(
        window_orders=count_where(bought, inside),
        is_new=count_where(bought, inside & (bought.nth == 1)),
        last_day=bought.day.max(),
        last_before=bought.day.max(where=~inside),
    )
    return each.mutate(
        active=each.last_day > ibis.literal(end - lapse),
        active_start=(each.last_before > ibis.literal(eve - lapse)).fill_null(False),
    )


def from_counts(counts: dict[str, Any]) -> Retention:
    """Turn the row of :func:`customer_counts` into a Retention."""
    return Retention(
        counts["active_start"],
        counts["active"],
        counts["new_active"],
        counts["won_back"],
    )


def rate_figure(counts: dict[str, Any], *, short_history: bool = False) -> Figure:
    """Retention rate as a figure; noted where the data begin too late to know the whole base."""
    found = ratio("retention_rate", counts["kept"], counts["active_start"], "share", "no_history")
    if found.value is None or not short_history:
        return found
    return Figure(found.code, found.value, found.unit, note="short_history")


def came_back(customer_summary: ir.Table, dimension: str, first_until: date) -> ir.Table:
    """Of the customers first won through a channel, store or region: who bought again.

    Parameters
    ----------
    customer_summary : ibis Table
        ``first_day``, ``orders`` and the dimension; staff already filtered out.
    dimension : str
        ``first_channel``, ``first_store_id``, ``region_code``, ``acquisition_channel`` ...
    first_until : date
        Only customers whose first purchase lies on or before this day, so that each had time to
        return.

    Returns
    -------
    ibis Table, one row per value of the dimension
        ``value``, ``customers``, ``repeaters``, ``rate`` (0..1, all time).
    """
    had_time = customer_summary.filter(
        (customer_summary.orders >= 1) & (customer_summary.first_day <= ibis.literal(first_until))
    )
    grouped = had_time.group_by(value=had_time[dimension]).aggregate(
        customers=had_time.count(), repeaters=count_where(had_time, had_time.orders >= 2)
    )
    return grouped.mutate(rate=grouped.repeaters / grouped.customers)
