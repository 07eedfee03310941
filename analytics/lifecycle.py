"""New, active, loyal, lapsed: every customer is in exactly one, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where

CODES: Final = ("new", "active", "loyal", "lapsed")
"""In the order they are shown. They are told apart in the order lapsed, new, loyal, active."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The days that tell the four apart; on screen, and to be changed there.

    Parameters
    ----------
    new_days : int
        New: the first purchase is among the last ``new_days`` days.
    lapse_days : int
        Lapsed: no purchase among the last ``lapse_days`` days. Active, everywhere in Setia,
        means the opposite.
    loyal_orders, loyal_days : int
        Loyal: at least ``loyal_orders`` purchases among the last ``loyal_days`` days.

    Raises
    ------
    ValueError : a number below 1.
    """

    new_days: int = 90
    lapse_days: int = 180
    loyal_orders: int = 4
    loyal_days: int = 365

    def __post_init__(self) -> None:
        for name in ("new_days", "lapse_days", "loyal_orders", "loyal_days"):
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name} must be at least 1; got {value}.")


def assign(
    orders: ir.Table,
    as_of: date,
    windows: Windows,
    customer_summary: ir.Table | None = None,
) -> ir.Table:
    """Lifecycle of every customer who bought up to a day.

    Parameters
    ----------
    orders : ibis Table, one row per order
        ``customer_key``, ``day``, ``is_purchase``. Pass all orders of the customers: a filter on
        store or channel would make a customer of one shop lapsed because they use another.
    as_of : date
        The last day that is known; later orders are ignored. A window of n days is this day and
        the n - 1 days before it.
    windows : Windows
    customer_summary : ibis Table, optional
        The mart of the same snapshot, and only when ``as_of`` is the last day of the data or
        later: first and last days are read off it, which is faster.

    Returns
    -------
    ibis Table, one row per customer
        ``customer_key``, ``first_day``, ``last_day``, ``orders`` (purchases up to ``as_of``),
        ``lifecycle`` (one of ``CODES``).
    """
    since = ibis.literal(as_of - timedelta(days=windows.loyal_days))
    bought = orders.filter(
        orders.is_purchase & orders.customer_key.notnull() & (orders.day <= ibis.literal(as_of))
    )
    if customer_summary is None:
        per_customer = bought.group_by("customer_key").aggregate(
            first_day=bought.day.min(),
            last_day=bought.day.max(),
            orders=bought.count(),
            recent_orders=count_where(bought, bought.day > since),
        )
    else:
        recent = bought.filter(bought.day > since)
        recent = recent.group_by("customer_key").aggregate(recent_orders=recent.count())
        known = customer_summary.filter(customer_summary.orders > 0)
        known = known.select("customer_key", "first_day", "last_day", "orders")
        per_customer = known.left_join(recent, "customer_key").drop("customer_key_right")
        per_customer = per_customer.mutate(recent_orders=per_customer.recent_orders.coalesce(0))
    return per_customer.mutate(lifecycle=code(per_customer, as_of, windows)).drop("recent_orders")


def code(per_customer: ir.Table, as_of: date, windows: Windows) -> ir.StringValue:
    """Return the lifecycle code from ``first_day``, ``last_day`` and ``recent_orders``.

    ``recent_orders`` counts the purchases among the last ``windows.loyal_days`` days.
    """
    lapsed_until = ibis.literal(as_of - timedelta(days=windows.lapse_days))
    old_until = ibis.literal(as_of - timedelta(days=windows.new_days))
    return ibis.cases(
        (per_customer.last_day <= lapsed_until, "lapsed"),
        (per_customer.first_day > old_until, "new"),
        (per_customer.recent_orders >= windows.loyal_orders, "loyal"),
        else_="active",
    )


def sizes(assigned: ir.Table, history: ir.Table, start: date) -> ir.Table:
    """Customers and revenue of each of the four.

    Parameters
    ----------
    assigned : ibis Table
        From :func:`assign`, as of the end of the window.
    history : ibis Table
        ``scope.facts(..., history=True)``: the customers who bought within the filters are
        counted, whenever that was.
    start : date
        Revenue counts from this day.

    Returns
    -------
    ibis Table, one row per lifecycle that occurs
        ``lifecycle``, ``customers``, ``revenue``, ``orders`` (both since ``start``),
        ``share_of_customers``, ``share_of_revenue`` (null where revenue adds up to 0).
    """
    known = history.filter(history.customer_key.notnull())
    in_window = known.day >= ibis.literal(start)
    money = known.group_by("customer_key").aggregate(
        revenue=known.amount.sum(where=in_window),
        window_orders=count_where(known, known.is_purchase & in_window),
        purchases=count_where(known, known.is_purchase),
    )
    money = money.filter(money.purchases > 0)
    joined = assigned.select("customer_key", "lifecycle").inner_join(money, "customer_key")
    return added_up(joined)


def added_up(customers: ir.Table) -> ir.Table:
    """Return :func:`sizes` from ``lifecycle``, ``revenue`` and ``window_orders`` per customer."""
    grouped = customers.group_by("lifecycle").aggregate(
        customers=customers.count(),
        revenue=customers.revenue.sum().coalesce(0.0),
        orders=customers.window_orders.sum(),
    )
    total_revenue = grouped.revenue.sum().over()
    return grouped.mutate(
        share_of_customers=grouped.customers / grouped.customers.sum().over(),
        share_of_revenue=grouped.revenue / total_revenue.nullif(0.0),
    )
